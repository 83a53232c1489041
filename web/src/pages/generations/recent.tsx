import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isFinal } from '../../api/generation';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { Picture } from '../../ui/picture/picture';
import { viewing } from '../../ui/picture/tile';
import { Bone, Failure } from '../../ui/state';
import { Details } from './details';
import { LinkState } from './link-state';
import { Queue } from './queue';
import { useActions } from './use-actions';
import { useKnown } from './use-watch';
import type { Watch } from './watch';
import { problemWords, statusLooks, statusWords, workflowWords } from './words';
import styles from './recent.module.css';

interface EndedProps {
  watch: Watch;
  id: number;
  onDetails: (id: number) => void;
}

/** The pictures of one that has ended, or why there are none. */
function Ended({ watch, id, onDetails }: EndedProps) {
  const card = useKnown(watch, id)?.shown;
  if (!card || !isFinal(card.status)) return null;
  const words = card.request.prompt || workflowWords(card.workflow);
  const { tone, icon } = statusLooks[card.status];
  return (
    <>
      {card.images.map(({ image }) => (
        <li key={image.id} className={styles.picture}>
          <Link {...viewing(image.id)} preload={false} aria-label={words}>
            <Picture image={image} width={180} />
          </Link>
        </li>
      ))}
      {card.images.length === 0 && (
        <li className={styles.none}>
          <Badge tone={tone} icon={icon}>
            {statusWords(card.status)}
          </Badge>
          <p>{problemWords(card.problemCode) ?? card.problem}</p>
          <Button
            size="small"
            variant="ghost"
            icon="info"
            aria-label={t('Details: {prompt}', { prompt: words })}
            onClick={() => onDetails(id)}
          />
        </li>
      )}
    </>
  );
}

interface RecentProps {
  watch: Watch;
  /** What was asked for in the panel above, newest first. */
  made: number[];
}

/** What waits and runs, and what came of what was asked for here. */
export function Recent({ watch, made }: RecentProps) {
  const actions = useActions(watch);
  const [details, setDetails] = useState<number>();
  if (!watch.ready) {
    if (watch.error) return <Failure error={watch.error} retry={watch.retry} />;
    return <Bone height="12rem" />;
  }
  return (
    <div className={styles.recent}>
      <LinkState watch={watch} />
      <Queue watch={watch} actions={actions} onDetails={setDetails} />
      {made.length > 0 && (
        <ul className={styles.pictures} aria-label={t('What was just made')}>
          {made.map((id) => (
            <Ended key={id} watch={watch} id={id} onDetails={setDetails} />
          ))}
        </ul>
      )}
      <div>
        <ButtonLink to="/generations" search={{}} size="small" icon="clock">
          {t('All your generations')}
        </ButtonLink>
      </div>
      {details !== undefined && (
        <Details
          watch={watch}
          id={details}
          actions={actions}
          onClose={() => setDetails(undefined)}
        />
      )}
    </div>
  );
}
