import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { endlessModelsQuery } from '../../api/models';
import { useViewer } from '../../api/session';
import type { ModelSummary } from '../../api/shapes';
import { usePageTitle } from '../../frame/title';
import { bytes, compact } from '../../text/format';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge, StatusBadge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { Cover } from '../../ui/cover/cover';
import { Bone, Empty, Failure } from '../../ui/state';
import { TabLink, TabLinks } from '../../ui/tabs';
import { Time } from '../../ui/time';
import { OwnerMenu } from '../model/owner-menu';
import styles from './mine.module.css';

const parts = () => [
  { show: undefined, status: 'all', label: t('All') },
  { show: 'draft', status: 'Draft', label: t('Drafts') },
  { show: 'scheduled', status: 'Scheduled', label: t('Scheduled') },
  { show: 'published', status: 'Published', label: t('Published') },
  { show: 'unpublished', status: 'Unpublished', label: t('Unpublished') },
  { show: 'archived', status: 'Archived', label: t('Archived') },
  { show: 'deleted', status: 'Deleted', label: t('Deleted') },
];

function Row({ model }: { model: ModelSummary }) {
  const draft = model.status === 'Draft';
  return (
    <li className={styles.row}>
      <div className={styles.cover}>
        <Cover seed={model.seed || model.name} type={model.type} />
      </div>
      <div>
        {draft ? (
          <Link to="/upload" search={{ model: String(model.id) }} className={styles.name}>
            {model.name}
          </Link>
        ) : (
          <Link to="/models/$id" params={{ id: String(model.id) }} className={styles.name}>
            {model.name}
          </Link>
        )}
        <div className={styles.facts}>
          <span>{typeWords(model.type)}</span>
          {model.baseModel && <span>{model.baseModel}</span>}
          {model.sizeBytes ? <span>{bytes(model.sizeBytes)}</span> : null}
          <span>
            {t('{count, plural, one {# version} other {# versions}}', {
              count: model.versionCount,
            })}
          </span>
          <span>
            {t('{count, plural, one {# download} other {{short} downloads}}', {
              count: model.downloadCount,
              short: compact(model.downloadCount),
            })}
          </span>
          {model.status === 'Scheduled' && model.scheduledFor ? (
            <span>
              {t('appears')} <Time at={model.scheduledFor} />
            </span>
          ) : (
            <span>
              {t('changed')} <Time at={model.updatedAt} />
            </span>
          )}
        </div>
      </div>
      <div className={styles.badge}>
        {model.archived ? (
          <Badge icon="archive">{t('Archived')}</Badge>
        ) : (
          <StatusBadge status={model.status} />
        )}
      </div>
      <div className={styles.actions}>
        <ButtonLink to="/upload" search={{ model: String(model.id) }} size="small" icon="edit">
          {draft ? t('Go on') : t('Edit')}
        </ButtonLink>
        <OwnerMenu model={model} />
      </div>
    </li>
  );
}

export function MyModels() {
  usePageTitle(t('My models'));
  const { show } = useSearch({ from: '/members/my-models' });
  const user = useViewer()?.user;
  const part = parts().find((one) => one.show === show) ?? parts()[0]!;
  const found = useInfiniteQuery({
    ...endlessModelsQuery({ username: user?.username, status: part.status, limit: 50 }),
    enabled: user !== undefined && user !== null,
    staleTime: 0,
  });
  const models = found.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className={styles.head}>
        <h1>{t('My models')}</h1>
        <ButtonLink to="/upload" search={{}} variant="solid" icon="upload">
          {t('Publish a model')}
        </ButtonLink>
      </div>
      <TabLinks label={t('Which of your models')}>
        {parts().map((one) => (
          <TabLink
            key={one.label}
            to="/my-models"
            search={{ show: one.show }}
            activeOptions={{ exact: true, explicitUndefined: true }}
          >
            {one.label}
          </TabLink>
        ))}
      </TabLinks>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !models ? (
        <Bone height="14rem" />
      ) : models.length === 0 ? (
        <Empty
          icon="layers"
          title={show ? t('None of your models is here') : t('Your models will be here')}
          actions={
            !show && (
              <ButtonLink to="/upload" search={{}} variant="solid" icon="upload">
                {t('Publish a model')}
              </ButtonLink>
            )
          }
        >
          {show === 'deleted'
            ? t('What you delete stays here for a while and can be restored.')
            : t('Drafts are kept from the first file on; nothing is public until you publish it.')}
        </Empty>
      ) : (
        <>
          <ul className={styles.list}>
            {models.map((model) => (
              <Row key={model.id} model={model} />
            ))}
          </ul>
          {found.hasNextPage && (
            <div className={styles.more}>
              <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                {t('Show more')}
              </Button>
            </div>
          )}
        </>
      )}
    </>
  );
}
