import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { session } from '../../api/session';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Bone, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { agentWords } from './agent';
import styles from './settings.module.css';

export function SessionsPart() {
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['sessions'], queryFn: session.list });
  const revoke = useMutation({
    mutationFn: session.revoke,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sessions'] });
      say(t('Signed out there'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const others = useMutation({
    mutationFn: session.revokeOthers,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sessions'] });
      say(t('Signed out everywhere else'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="10rem" />;
  return (
    <section className={styles.section}>
      <header>
        <h2>{t('Where you are signed in')}</h2>
        <p>{t('Sign out what you do not know, then change your password.')}</p>
      </header>
      <ul className={styles.list}>
        {found.data.items.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{agentWords(one.agent)}</strong>
              <div className={styles.facts}>
                <span>{one.address}</span>
                <span>
                  {t('signed in')} <Time at={one.createdAt} />
                </span>
                <span>
                  {t('last used')} <Time at={one.seenAt} />
                </span>
              </div>
            </div>
            {one.current ? (
              <Badge tone="success" icon="check">
                {t('This one')}
              </Badge>
            ) : (
              <Button
                size="small"
                busy={revoke.isPending && revoke.variables === one.id}
                onClick={() => revoke.mutate(one.id)}
              >
                {t('Sign out')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {found.data.items.length > 1 && (
        <div>
          <Button busy={others.isPending} onClick={() => others.mutate()}>
            {t('Sign out everywhere else')}
          </Button>
        </div>
      )}
    </section>
  );
}
