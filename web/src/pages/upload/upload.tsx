import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Problem } from '../../api/client';
import { models } from '../../api/models';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { isDangerous } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Bone, Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { DetailsStep, detailsOf } from './details-step';
import type { Details } from './details-step';
import { useDraft } from './draft';
import { FilesStep } from './files-step';
import { PermissionsStep } from './permissions-step';
import type { Permissions } from './permissions-step';
import { PublishStep, localValue } from './publish-step';
import type { When } from './publish-step';
import { detailForms, permissionsOf } from './save';
import styles from './upload.module.css';

const steps = ['files', 'details', 'permissions', 'publish'] as const;
type Step = (typeof steps)[number];

function stepWords(step: Step): string {
  switch (step) {
    case 'files':
      return t('Files');
    case 'details':
      return t('Details');
    case 'permissions':
      return t('Permissions');
    default:
      return t('Publish');
  }
}

interface StepsProps {
  current: Step;
  ready: boolean;
  onStep: (step: Step) => void;
}

function Steps({ current, ready, onStep }: StepsProps) {
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => (
        <li key={step}>
          <button
            type="button"
            aria-current={step === current ? 'step' : undefined}
            data-past={index < steps.indexOf(current)}
            disabled={!ready && step !== 'files'}
            onClick={() => onStep(step)}
          >
            {stepWords(step)}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Everything after the files: three forms over one draft, saved at every step. */
function Forms(props: {
  model: ModelCard;
  version: VersionCard;
  step: Exclude<Step, 'files'>;
  refresh: () => Promise<unknown>;
  onStep: (step: Step) => void;
}) {
  const { model, version, step, refresh, onStep } = props;
  const navigate = useNavigate();
  const [details, setDetails] = useState<Details>(() => detailsOf(model, version));
  const [permissions, setPermissions] = useState<Permissions>(() => permissionsOf(model));
  const [when, setWhen] = useState<When>('now');
  const [at, setAt] = useState(() => localValue(new Date(Date.now() + 86_400_000)));

  const save = useMutation({
    mutationFn: async () => {
      const forms = detailForms(details);
      await models.change(model.id, step === 'permissions' ? permissions : forms.model);
      if (step === 'details') await models.changeVersion(version.id, forms.version);
      await refresh();
    },
    onSuccess: () => onStep(steps[steps.indexOf(step) + 1] ?? 'publish'),
  });

  const publish = useMutation({
    mutationFn: async () => {
      if (when === 'draft') return;
      const moment = when === 'later' ? new Date(at).toISOString() : undefined;
      await models.publishVersion(version.id, moment);
    },
    onSuccess: async () => {
      await refresh();
      say(
        when === 'now'
          ? t('Published')
          : when === 'later'
            ? t('Scheduled')
            : t('Kept as a draft: you find it under My models'),
      );
      await navigate({
        to: '/models/$id',
        params: { id: String(model.id) },
        search: { version: String(version.id) },
      });
    },
  });

  const publishable =
    version.files.length > 0 && !version.files.some((file) => isDangerous(file.verdict));
  const work = step === 'publish' ? publish : save;
  const problem = work.error instanceof Problem ? work.error : null;
  const error = (name: string) =>
    problem?.fields.find((fault) => fault.path.split('/')[1] === name)?.detail;

  return (
    <>
      {work.error && (
        <Notice
          tone="danger"
          title={step === 'publish' ? t('This was not published') : t('This was not saved')}
          alert
        >
          {problem?.fields.length
            ? problem.fields.map((fault) => fault.detail).join(' ')
            : work.error.message}
        </Notice>
      )}
      {step === 'details' && (
        <DetailsStep
          value={details}
          onChange={(change) => setDetails({ ...details, ...change })}
          version={version}
          error={error}
        />
      )}
      {step === 'permissions' && (
        <PermissionsStep
          value={permissions}
          onChange={(change) => setPermissions({ ...permissions, ...change })}
        />
      )}
      {step === 'publish' && (
        <PublishStep
          model={model}
          version={version}
          when={when}
          at={at}
          onWhen={setWhen}
          onAt={setAt}
          error={error('at')}
        />
      )}
      <div className={styles.foot}>
        <Button icon="left" onClick={() => onStep(steps[steps.indexOf(step) - 1] ?? 'files')}>
          {t('Back')}
        </Button>
        {step === 'publish' ? (
          <Button
            variant="solid"
            busy={publish.isPending}
            disabled={when !== 'draft' && !publishable}
            onClick={() => publish.mutate()}
          >
            {when === 'now'
              ? t('Publish now')
              : when === 'later'
                ? t('Schedule')
                : t('Keep the draft')}
          </Button>
        ) : (
          <Button variant="solid" busy={save.isPending} onClick={() => save.mutate()}>
            {t('Save and go on')}
          </Button>
        )}
      </div>
    </>
  );
}

export function UploadPage() {
  const { model, version, found, begin, refresh, search } = useDraft();
  const navigate = useNavigate({ from: '/upload' });
  const step = steps.find((one) => one === search.step) ?? 'files';
  const title = !model
    ? t('Publish a model')
    : search.version === 'new'
      ? t('New version of {name}', { name: model.name })
      : model.name;
  usePageTitle(title);
  const onStep = (next: Step) =>
    void navigate({
      search: (before) => ({ ...before, step: next === 'files' ? undefined : next }),
    });
  useEffect(() => {
    // Not returned: the call gives a promise in newer browsers.
    void window.scrollTo(0, 0);
  }, [step]);

  if (search.model && found.isError) {
    return <Failure page error={found.error} retry={() => void found.refetch()} />;
  }
  if (search.model && !model) return <Bone height="24rem" />;
  const ready = model !== undefined && version !== undefined;
  return (
    <div className={styles.page}>
      <h1>{title}</h1>
      <Steps current={ready ? step : 'files'} ready={ready} onStep={onStep} />
      {!ready || step === 'files' ? (
        <>
          <FilesStep model={model} version={version} begin={begin} />
          {ready && (
            <div className={styles.foot}>
              <span />
              <Button variant="solid" onClick={() => onStep('details')}>
                {t('Go on to details')}
              </Button>
            </div>
          )}
        </>
      ) : (
        <Forms
          key={version.id}
          model={model}
          version={version}
          step={step}
          refresh={refresh}
          onStep={onStep}
        />
      )}
    </div>
  );
}
