import { duration, number } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/state';
import type { Asking } from './asking';
import { usePanel } from './context';
import { samples } from './draft';
import styles from './panel.module.css';

function timeOf({ startsInS, endsInS }: NonNullable<Asking['estimate']>): string | undefined {
  if (endsInS === undefined) return undefined;
  const end = duration(Math.max(1, endsInS));
  return startsInS !== undefined && startsInS >= 2
    ? t('starts in about {start}, done in about {end}', { start: duration(startsInS), end })
    : t('done in about {end}', { end });
}

/** Nothing here can do it: why, and what would help. */
function Impossible({ problem }: { problem: string }) {
  const { draft, change } = usePanel();
  const upscaler = draft.workflow === 'upscale' && draft.upscaler;
  const models =
    upscaler ||
    (samples(draft.workflow) && (draft.model || draft.resources.length || draft.controls.length));
  return (
    <Notice tone="warning" title={t('No backend here can make this')}>
      <p>{problem}.</p>
      {models && (
        <Button
          size="small"
          onClick={() =>
            change(
              upscaler
                ? { upscaler: undefined }
                : { model: undefined, resources: [], controls: [] },
            )
          }
        >
          {t('Remove the models')}
        </Button>
      )}
    </Notice>
  );
}

const key = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl';

/** What it costs and how long it takes, then the button. Stays in sight. */
export function SubmitPart({ asking }: { asking: Asking }) {
  const { estimate, current, rest, submit, busy } = asking;
  const facts = estimate?.possible
    ? [
        t('{count, plural, one {# picture} other {# pictures}}', { count: estimate.pictures }),
        estimate.cost === 0
          ? t('free')
          : t('{count} Buzz', { count: number(estimate.cost) }),
        timeOf(estimate),
      ]
    : [];
  return (
    <div className={styles.submit}>
      {rest && (
        <Notice tone="danger" alert title={t('This was not accepted')}>
          {rest}
        </Notice>
      )}
      {estimate && !estimate.possible && !rest && <Impossible problem={estimate.problem} />}
      <p className={styles.estimate} role="status" data-old={!current || undefined}>
        {facts.filter(Boolean).join(' · ')}
      </p>
      <Button variant="solid" size="large" wide icon="wand" busy={busy} onClick={submit}>
        {t('Generate')} <kbd aria-hidden="true">{key} ↵</kbd>
      </Button>
    </div>
  );
}
