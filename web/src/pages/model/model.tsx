import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { coverSeed, modelQuery, primaryFile } from '../../api/models';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { usePageTitle } from '../../frame/title';
import { compact } from '../../text/format';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge, LevelBadge, StatusBadge, isDangerous } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { CollectButton } from '../../ui/collect';
import { Cover } from '../../ui/cover/cover';
import { Discussion } from '../../ui/discussion/discussion';
import { Icon } from '../../ui/icon';
import { ReportButton } from '../../ui/report';
import { MarkdownView } from '../../ui/markdown';
import { PersonChip } from '../../ui/person';
import { Bone, Failure, Notice } from '../../ui/state';
import { Tabs } from '../../ui/tabs';
import { ModelMenu } from '../../ui/thing-menu';
import { Time } from '../../ui/time';
import { FilePanel } from './file-panel';
import { OwnerMenu } from './owner-menu';
import { Reviews } from './reviews';
import { Gallery, Showcase, showcaseQuery } from './showcase';
import { Side } from './side';
import { Similar } from './similar';
import styles from './model.module.css';

function Head({ model }: { model: ModelCard }) {
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h1>{model.name}</h1>
        <div className={styles.actions}>
          <CollectButton small thing={{ kind: 'model', id: model.id }} />
          {!model.mayEdit && (
            <>
              <ReportButton subject={{ kind: 'model', id: model.id }} />
              <ModelMenu id={model.id} creator={model.creator} />
            </>
          )}
          {model.mayEdit && (
            <>
              <ButtonLink
                to="/upload"
                search={{ model: String(model.id) }}
                icon="edit"
                size="small"
              >
                {t('Edit')}
              </ButtonLink>
              <OwnerMenu model={model} />
            </>
          )}
        </div>
      </div>
      <div className={styles.line}>
        <PersonChip username={model.creator} />
        <Badge>{typeWords(model.type)}</Badge>
        {model.status !== 'Published' && <StatusBadge status={model.status} />}
        {model.deletedAt && <Badge tone="danger">{t('Deleted')}</Badge>}
        {model.mode === 'Archived' && <Badge icon="archive">{t('Archived')}</Badge>}
        {model.demo && <Badge icon="info">{t('Demo')}</Badge>}
        <LevelBadge bits={model.nsfwLevel} />
        <span className={styles.stat}>
          <Icon name="download" size={16} />
          {t('{count, plural, one {# download} other {{short} downloads}}', {
            count: model.downloadCount,
            short: compact(model.downloadCount),
          })}
        </span>
        <span>
          {t('Updated')} <Time at={model.updatedAt} />
        </span>
      </div>
    </header>
  );
}

function Files({ version }: { version: VersionCard }) {
  if (version.files.length === 0) return null;
  const main = primaryFile(version);
  return (
    <section className={styles.block}>
      <h2>{t('{count, plural, one {# file} other {# files}}', { count: version.files.length })}</h2>
      <div className={styles.files}>
        {version.files.map((file) => (
          <FilePanel
            key={file.id}
            file={file}
            versionId={version.id}
            open={file.id === main?.id || isDangerous(file.verdict)}
          />
        ))}
      </div>
    </section>
  );
}

/** The creator's images; until there are any, a pattern. */
function Front({ model, version }: { model: ModelCard; version: VersionCard }) {
  const shown = useQuery(showcaseQuery(version.id)).data?.items ?? [];
  if (shown.length) return <Showcase images={shown} list={`showcase ${version.id}`} />;
  return (
    <div className={styles.cover}>
      <Cover seed={coverSeed(model, version)} type={model.type} broad />
      <p>{t('No images yet. This pattern is drawn from the file’s hash.')}</p>
    </div>
  );
}

function VersionView({ model, version }: { model: ModelCard; version: VersionCard }) {
  return (
    <div className={styles.layout}>
      <div className={styles.front}>
        <Front model={model} version={version} />
      </div>
      <Side model={model} version={version} />
      <div className={styles.main}>
        {version.status !== 'Published' && (
          <Notice>
            {version.status === 'Scheduled' ? (
              <>
                {t('Only you can see this version. It will be published')}{' '}
                <Time at={version.publishedAt} />
              </>
            ) : (
              t('Only you and the moderators see this version: it is not published.')
            )}
          </Notice>
        )}
        {version.descriptionHtml && (
          <section className={styles.block}>
            <h2>{t('About this version')}</h2>
            <MarkdownView html={version.descriptionHtml} />
          </section>
        )}
        <Files version={version} />
        {model.descriptionHtml && (
          <section className={styles.block}>
            <h2>{t('About this model')}</h2>
            <MarkdownView html={model.descriptionHtml} />
          </section>
        )}
        <Gallery model={model} version={version} />
        <Reviews model={model} version={version} />
        {model.tags.length > 0 && (
          <nav className={styles.tags} aria-label={t('Tags')}>
            {model.tags.map((tag) => (
              <Link key={tag} to="/models" search={{ tag }}>
                {tag}
              </Link>
            ))}
          </nav>
        )}
        <Similar id={model.id} />
        <Discussion subject={{ kind: 'model', id: model.id }} />
      </div>
    </div>
  );
}

export function ModelPage() {
  const { id } = useParams({ from: '/models/$id' });
  const search = useSearch({ from: '/models/$id' });
  const navigate = useNavigate({ from: '/models/$id' });
  const found = useQuery(modelQuery(Number(id)));
  usePageTitle(found.data?.name);
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const model = found.data;
  const version =
    model.versions.find((one) => String(one.id) === search.version) ?? model.versions[0];
  return (
    <>
      <Head model={model} />
      {!version ? (
        <Notice>{t('This model has no version yet.')}</Notice>
      ) : (
        <Tabs
          label={t('Versions')}
          value={String(version.id)}
          onChange={(value) => void navigate({ search: { version: value }, replace: true })}
          tabs={model.versions.map((one) => ({
            value: String(one.id),
            label: one.name,
            content: <VersionView model={model} version={one} />,
          }))}
        />
      )}
    </>
  );
}

function Waiting() {
  return (
    <div className={styles.head} aria-busy="true" role="status" aria-label={t('Loading')}>
      <Bone height="2.5rem" width="min(28rem, 80%)" />
      <Bone height="1.5rem" width="min(20rem, 60%)" />
      <div className={styles.layout}>
        <Bone height="24rem" />
        <Bone height="24rem" />
      </div>
    </div>
  );
}
