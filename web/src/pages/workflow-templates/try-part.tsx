import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Problem } from '../../api/client';
import { generations, isFinal, templateQuery } from '../../api/generation';
import type { Generation } from '../../api/generation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Progress } from '../../ui/progress';
import { Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { TemplateParameterField } from '../../ui/template-parameter';
import { useKnown, useWatch } from '../generations/use-watch';
import { problemWords } from '../generations/words';
import { token } from './graph';
import styles from './templates.module.css';

function Pictures({ made }: { made: Generation }) {
  return (
    <ul className={styles.pictures}>
      {made.images.map((one, index) => (
        <li key={one.image.id}>
          <Link to="/images/$id" params={{ id: String(one.image.id) }}>
            <img
              src={one.thumbnailUrl}
              alt={t('Result {number}, seed {seed}', { number: index + 1, seed: one.seed })}
            />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** How the trial goes, until it ended. */
function Outcome({ begun }: { begun: Generation }) {
  const watch = useWatch();
  useEffect(() => watch.put(begun), [watch, begun]);
  const made = useKnown(watch, begun.id)?.shown ?? begun;
  const cancel = useMutation({
    mutationFn: () => generations.cancel(begun.id),
    onSuccess: watch.put,
    onError: (error) => say(error.message, { bad: true }),
  });
  const preview = made.steps.find((step) => step.previewUrl)?.previewUrl;
  const attempt = made.steps.flatMap((step) => step.attempts).at(-1);
  if (!isFinal(made.status)) {
    return (
      <>
        <Progress
          label={
            made.status === 'queued'
              ? t('Waiting for a backend')
              : t('{backend} is busy', { backend: attempt?.backend ?? t('A backend') })
          }
          done={made.progress}
          total={made.status === 'queued' ? undefined : 1}
        />
        {preview && <img className={styles.preview} src={preview} alt={t('How far it is')} />}
        <div>
          <Button icon="cross" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {t('Cancel')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      {made.status !== 'canceled' && made.problemCode && (
        <Notice
          tone="danger"
          title={problemWords(made.problemCode) ?? t('It did not work')}
          alert
        >
          {made.problem}
        </Notice>
      )}
      {made.status === 'canceled' && <p className={styles.quiet}>{t('It was stopped.')}</p>}
      {made.images.length > 0 && (
        <p role="status">
          {t('{count, plural, one {# picture} other {# pictures}}, made by {backend}', {
            count: made.images.length,
            backend: attempt?.backend ?? '',
          })}
        </p>
      )}
      {attempt?.note && <p className={styles.quiet}>{attempt.note}</p>}
      <Pictures made={made} />
    </>
  );
}

/** Tries the template as it is saved, and shows what comes of it. */
export function TryPart({ id, dirty }: { id: number; dirty: boolean }) {
  const parameters = useQuery(templateQuery(id)).data?.parameters ?? [];
  const [values, setValues] = useState<Record<string, unknown>>({});
  const run = useMutation({
    mutationFn: () => {
      const named = new Set(parameters.map((one) => one.name));
      const given = Object.entries(values).filter(
        ([name, value]) => named.has(name) && value !== undefined,
      );
      return generations.create({
        workflow: 'template',
        templateId: id,
        parameters: Object.fromEntries(given),
      });
    },
  });
  const fields = run.error instanceof Problem ? run.error.fields : [];
  const of = (name: string) => fields.filter((one) => one.path.split('/')[2] === token(name));
  const shown = parameters.flatMap((one) => of(one.name));
  const rest = fields.filter((one) => !shown.includes(one));
  return (
    <section className={styles.part} aria-label={t('Try it')}>
      <h2>{t('Try it')}</h2>
      <form
        className={styles.trying}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!run.isPending && !dirty) run.mutate();
        }}
      >
        {parameters.length > 0 && (
          <div className={styles.fields}>
            {parameters.map((one) => (
              <TemplateParameterField
                key={one.name}
                parameter={one}
                value={values[one.name]}
                error={of(one.name)[0]?.detail}
                onChange={(value) => setValues((now) => ({ ...now, [one.name]: value }))}
              />
            ))}
          </div>
        )}
        {run.isError && (rest.length > 0 || fields.length === 0) && (
          <Notice tone="danger" title={t('It was not begun')} alert>
            {rest.length > 0 ? rest.map((one) => one.detail).join(' ') : run.error.message}
          </Notice>
        )}
        <div className={styles.row}>
          <Button type="submit" icon="play" busy={run.isPending} disabled={dirty}>
            {t('Try it')}
          </Button>
          {dirty && (
            <span className={styles.quiet}>
              {t('Save it first: what is tried is what is saved.')}
            </span>
          )}
        </div>
      </form>
      {run.data && <Outcome key={run.data.id} begun={run.data} />}
    </section>
  );
}
