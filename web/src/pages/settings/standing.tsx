import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { appeals, standingQuery } from '../../api/moderation';
import type { DecisionRow } from '../../api/moderation';
import { actWords } from '../../text/moderation';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { TextArea } from '../../ui/field';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './settings.module.css';

function AppealForm({ decision }: { decision: number }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const work = useMutation({
    mutationFn: () => appeals.decision(decision, text.trim()),
    onSuccess: async () => {
      say(t('Sent. Another moderator will review it.'));
      await queries.invalidateQueries({ queryKey: standingQuery.queryKey });
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() && !work.isPending) work.mutate();
      }}
    >
      <TextArea
        label={t('Why should it be overturned?')}
        rows={3}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <div>
        <Button type="submit" busy={work.isPending} disabled={!text.trim()}>
          {t('Appeal')}
        </Button>
      </div>
    </form>
  );
}

function Decision({ one }: { one: DecisionRow }) {
  return (
    <article
      className={styles.section}
      aria-label={one.acts.map((act) => actWords(act)).join(', ')}
    >
      <p>
        <strong>{one.acts.map((act) => actWords(act)).join(', ')}</strong>{' '}
        {one.undone && <Badge tone="success">{t('overturned')}</Badge>} <Time at={one.at} />
        <br />
        {one.reason} <a href={one.address}>{one.title || one.address}</a>
      </p>
      {one.message && <p>{one.message}</p>}
      {one.appeal && (
        <Notice
          title={
            one.appeal.state === 'Pending'
              ? t('Your appeal is being reviewed')
              : one.appeal.state === 'Overturned'
                ? t('Your appeal was successful')
                : t('Uphold the decision')
          }
        >
          {one.appeal.answer || one.appeal.text}
        </Notice>
      )}
      {one.appealable && !one.appeal && !one.undone && <AppealForm decision={one.id} />}
    </article>
  );
}

/** How one stands with the moderators, and where to object. */
export function StandingPart() {
  const found = useQuery(standingQuery);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="12rem" />;
  const { points, mutes, decisions } = found.data;
  return (
    <section className={styles.section}>
      <h2>{t('Your standing')}</h2>
      {mutes.map((mute) => (
        <Notice key={mute.id} tone="warning" title={t('You cannot publish or write')}>
          {mute.endsAt ? (
            <>
              {t('It ends')} <Time at={mute.endsAt} />
            </>
          ) : (
            t('Until a moderator has reviewed it.')
          )}
        </Notice>
      ))}
      {points > 0 && (
        <Notice tone="warning">
          {t('{points, plural, one {You have # active point} other {You have # active points}}', {
            points,
          })}
        </Notice>
      )}
      {decisions.length === 0 ? (
        <Empty icon="check" title={t('Nothing on your record')} />
      ) : (
        decisions.map((one) => <Decision key={one.id} one={one} />)
      )}
    </section>
  );
}
