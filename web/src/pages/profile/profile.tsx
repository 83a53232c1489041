import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { endlessModelsQuery } from '../../api/models';
import { profileQuery, useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { MediaCard } from '../../ui/media-card';
import { Face } from '../../ui/person';
import { ReportButton } from '../../ui/report';
import { Bone, Empty, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import { PersonActions } from '../../ui/thing-menu';
import { TabLink, TabLinks } from '../../ui/tabs';
import { roleWords } from '../administration/words';
import { CollectionGrid } from '../collections/collections';
import { FollowButton, ImagesOf, Numbers, People, PostsOf } from './parts';
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

const shows = () => [
  { show: undefined, label: t('Models') },
  { show: 'images', label: t('Images') },
  { show: 'posts', label: t('Posts') },
  { show: 'collections', label: t('Collections') },
  { show: 'followers', label: t('Followers') },
  { show: 'following', label: t('Following') },
  { show: 'numbers', label: t('Stats') },
];

export function ProfilePage() {
  const { show } = useSearch({ from: '/user/$username' });
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
        {!own && (
          <span className={styles.line}>
            <FollowButton id={person.id} />
            <ReportButton subject={{ kind: 'user', id: person.id }} />
            <PersonActions id={person.id} username={person.username} />
          </span>
        )}
        {own && (
          <ButtonLink to="/settings/{-$part}" params={{ part: undefined }} icon="edit" size="small">
            {t('Edit profile')}
          </ButtonLink>
        )}
      </header>
      <TabLinks label={t('Parts of the profile')}>
        {shows().map((one) => (
          <TabLink
            key={one.label}
            to="/user/$username"
            params={{ username }}
            search={{ show: one.show }}
            activeOptions={{ exact: true, includeSearch: true }}
            resetScroll={false}
          >
            {one.label}
          </TabLink>
        ))}
      </TabLinks>
      <div className={styles.panel}>
        {show === 'images' ? (
          <ImagesOf username={username} />
        ) : show === 'posts' ? (
          <PostsOf username={username} own={own} />
        ) : show === 'collections' ? (
          <CollectionGrid filter={{ username }} empty={t('No collection here yet')} />
        ) : show === 'followers' || show === 'following' ? (
          <People key={show} id={person.id} side={show} />
        ) : show === 'numbers' ? (
          <Numbers kind="user" id={person.id} />
        ) : (
          <Work username={username} own={own} />
        )}
      </div>
    </>
  );
}
