import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { appealsQuery, moderation } from '../../api/moderation';
import type { AppealCase } from '../../api/moderation';
import { actWords } from '../../text/moderation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { TextArea } from '../../ui/field';
import { PersonChip } from '../../ui/person';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './moderation.module.css';

function Case({ one }: { one: AppealCase }) {
  const { appeal, decision } = one;
  const queries = useQueryClient();
  const [words, setWords] = useState('');
  const work = useMutation({
    mutationFn: (overturn: boolean) => moderation.decideAppeal(appeal.id, overturn, words.trim()),
    onSuccess: async () => {
      say(t('Decided'));
      await queries.invalidateQueries({ queryKey: ['moderation'] });
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <article
      className={styles.appeal}
      aria-label={t('Appeal by {name}', { name: appeal.username })}
    >
      <div className={styles.line}>
        <PersonChip username={appeal.username} />
        <Time at={appeal.at} />
      </div>
      <p>
        <strong>{decision.acts.map((act) => actWords(act)).join(', ')}</strong>
        {': '}
        {decision.reason}{' '}
        <a href={decision.address}>{decision.title || decision.address}</a>
      </p>
      <p className={styles.quote}>{appeal.text}</p>
      {one.mayDecide ? (
        <>
          <TextArea
            label={t('Your answer')}
            rows={3}
            maxLength={2000}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <div className={styles.choices}>
            <Button
              busy={work.isPending}
              disabled={!words.trim()}
              onClick={() => work.mutate(false)}
            >
              {t('Uphold the decision')}
            </Button>
            <Button
              variant="solid"
              busy={work.isPending}
              disabled={!words.trim()}
              onClick={() => work.mutate(true)}
            >
              {t('Overturn the decision')}
            </Button>
          </div>
        </>
      ) : (
        <Notice>{t('You made the first decision, so somebody else decides the appeal.')}</Notice>
      )}
    </article>
  );
}

/** What members say against decisions, the oldest first. */
export function AppealsPart() {
  const found = useQuery(appealsQuery);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="12rem" />;
  if (!found.data.items.length) {
    return <Empty icon="check" title={t('No appeals waiting')} />;
  }
  return (
    <div className={styles.cases}>
      {found.data.items.map((one) => (
        <Case key={one.appeal.id} one={one} />
      ))}
    </div>
  );
}
