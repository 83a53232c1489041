import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { endlessModelsQuery } from '../../api/models';
import { profileQuery, useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { MediaCard } from '../../ui/media-card';
import { Face } from '../../ui/person';
import { Bone, Empty, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import { roleWords } from '../administration/words';
import styles from './profile.module.css';

function Work({ username, own }: { username: string; own: boolean }) {
  const found = useInfiniteQuery(endlessModelsQuery({ username, limit: 40 }));
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="18rem" />;
  const models = found.data.pages.flatMap((page) => page.items);
  if (models.length === 0) {
    return (
      <Empty
        icon="layers"
        title={own ? t('You have published nothing yet') : t('Nothing published yet')}
        actions={
          own && (
            <ButtonLink to="/upload" search={{}} variant="solid" icon="upload">
              {t('Publish a model')}
            </ButtonLink>
          )
        }
      />
    );
  }
  return (
    <>
      <div className={styles.grid}>
        {models.map((model) => (
          <MediaCard key={model.id} model={model} />
        ))}
      </div>
      {found.hasNextPage && (
        <div className={styles.more}>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('Show more')}
          </Button>
        </div>
      )}
    </>
  );
}

export function ProfilePage() {
  const { username } = useParams({ from: '/user/$username' });
  const found = useQuery(profileQuery(username));
  const own = useViewer()?.user?.username === username;
  usePageTitle(username);
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  const person = found.data;
  if (!person) return <Bone height="8rem" />;
  return (
    <>
      <header className={styles.head}>
        <Face name={person.username} size={96} />
        <div>
          <h1>{person.username}</h1>
          <div className={styles.line}>
            {person.role !== 'member' && <Badge icon="shield">{roleWords(person.role)}</Badge>}
            {person.demo && <Badge icon="info">{t('Demo')}</Badge>}
            <span>
              {t('Joined')} <Time at={person.joinedAt} />
            </span>
          </div>
          {person.bio && <p>{person.bio}</p>}
        </div>
        {own && (
          <ButtonLink to="/settings/{-$part}" params={{ part: undefined }} icon="edit" size="small">
            {t('Edit profile')}
          </ButtonLink>
        )}
      </header>
      <Work username={username} own={own} />
    </>
  );
}
