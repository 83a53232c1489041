import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { endlessModelsQuery, primaryFile } from '../../api/models';
import type { ModelFilter } from '../../api/models';
import type { ModelCard } from '../../api/shapes';
import { usePageTitle } from '../../frame/title';
import { bytes, compact } from '../../text/format';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge, StatusBadge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { ModelCover } from '../../ui/cover/model-cover';
import { Bone, Empty, Failure } from '../../ui/state';
import { TabLink, TabLinks } from '../../ui/tabs';
import { Time } from '../../ui/time';
import { OwnerMenu } from '../model/owner-menu';
import styles from './mine.module.css';

const parts = (): { show?: string; label: string; filter: ModelFilter }[] => [
  { show: undefined, label: t('All'), filter: {} },
  { show: 'draft', label: t('Drafts'), filter: { status: 'Draft' } },
  { show: 'scheduled', label: t('Scheduled'), filter: { status: 'Scheduled' } },
  { show: 'published', label: t('Published'), filter: { status: 'Published' } },
  { show: 'unpublished', label: t('Unpublished'), filter: { status: 'Unpublished' } },
  { show: 'archived', label: t('Archived'), filter: { archived: true } },
  { show: 'deleted', label: t('Deleted'), filter: { deleted: true } },
];

function Row({ model }: { model: ModelCard }) {
  const draft = model.status === 'Draft';
  const version = model.versions[0];
  const file = primaryFile(version);
  return (
    <li className={styles.row}>
      <div className={styles.cover}>
        <ModelCover model={model} width={72} shape={1} />
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
          {version && <span>{version.baseModel}</span>}
          {file && <span>{bytes(file.bytes)}</span>}
          <span>
            {t('{count, plural, one {# version} other {# versions}}', {
              count: model.versions.length,
            })}
          </span>
          <span>
            {t('{count, plural, one {# download} other {{short} downloads}}', {
              count: model.downloadCount,
              short: compact(model.downloadCount),
            })}
          </span>
          {model.status === 'Scheduled' && version?.publishedAt ? (
            <span>
              {t('appears')} <Time at={version.publishedAt} />
            </span>
          ) : (
            <span>
              {t('changed')} <Time at={model.updatedAt} />
            </span>
          )}
        </div>
      </div>
      <div className={styles.badge}>
        {model.deletedAt ? (
          <Badge tone="danger">{t('Deleted')}</Badge>
        ) : model.mode === 'Archived' ? (
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
  const part = parts().find((one) => one.show === show) ?? parts()[0]!;
  const found = useInfiniteQuery({
    ...endlessModelsQuery({ mine: true, ...part.filter, limit: 50 }),
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
