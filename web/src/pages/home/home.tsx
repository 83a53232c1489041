import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { fixedFeed, imagesQuery } from '../../api/images';
import { modelsQuery } from '../../api/models';
import type { Sort } from '../../api/shapes';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { ButtonLink } from '../../ui/button';
import { Cover } from '../../ui/cover/cover';
import { shapeOf } from '../../ui/justified-grid/rows';
import { MediaCard } from '../../ui/media-card';
import { ImageTile } from '../../ui/picture/tile';
import { Bone, Empty, Failure } from '../../ui/state';
import styles from './home.module.css';

const shown = 12;

function Shelf({ title, sort }: { title: string; sort?: Sort }) {
  const found = useQuery(modelsQuery({ sort, limit: shown }));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <section className={styles.shelf}>
      <header>
        <h2>{title}</h2>
        <Link to="/models" search={{ sort }}>
          {t('See all')}
        </Link>
      </header>
      <div className={styles.row}>
        {found.data
          ? found.data.items.map((model) => <MediaCard key={model.id} model={model} />)
          : Array.from({ length: 7 }, (_, index) => (
              <div key={index} style={{ aspectRatio: '4 / 5' }}>
                <Bone height="100%" />
              </div>
            ))}
      </div>
    </section>
  );
}

/** A row of what people made lately. */
function Pictures() {
  const found = useQuery(imagesQuery({ limit: 16 }));
  const images = found.data?.items ?? [];
  const list = 'home';
  const ids = images.map((image) => image.id).join();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => fixedFeed(list, images), [ids]);
  useEffect(() => void feed.more(), [feed]);
  if (!images.length) return null;
  return (
    <section className={styles.shelf}>
      <header>
        <h2>{t('Images')}</h2>
        <Link to="/images">{t('See all')}</Link>
      </header>
      <div className={styles.pictures}>
        {images.map((image) => (
          <div
            key={image.id}
            className={styles.picture}
            style={{ aspectRatio: shapeOf(image.width, image.height) }}
          >
            <ImageTile image={image} width={400} list={list} />
          </div>
        ))}
      </div>
    </section>
  );
}

const types = ['Checkpoint', 'LORA', 'LoCon', 'TextualInversion', 'VAE', 'Controlnet', 'Upscaler'];

function Types() {
  return (
    <section className={styles.shelf}>
      <header>
        <h2>{t('By kind')}</h2>
      </header>
      <div className={styles.types}>
        {types.map((type) => (
          <Link key={type} to="/models" search={{ type: [type] }} className={styles.type}>
            <Cover seed={`kind ${type}`} type={type} />
            <span>{typeWords(type)}</span>
          </Link>
        ))}
      </div>
    </section>
  );
}

const fan = [
  ['first light', 'Checkpoint'],
  ['studio floor', 'LORA'],
  ['loose thread', 'LoCon'],
];

/** What a visitor sees first: what this place is, and the way in. */
function Hero() {
  const viewer = useViewer();
  return (
    <section className={styles.hero}>
      <div>
        <h1>{t('Models, shared where you work')}</h1>
        <p>
          {t(
            'Publish checkpoints, LoRAs and everything around them. Each file is hashed and inspected as it arrives, and every tool that reads a Civitai hub can fetch it from here.',
          )}
        </p>
        <div className={styles.actions}>
          <ButtonLink to="/models" size="large" variant="solid">
            {t('Browse models')}
          </ButtonLink>
          {viewer?.registration === 'open' && (
            <ButtonLink to="/sign-up" search={{}} size="large">
              {t('Join')}
            </ButtonLink>
          )}
        </div>
      </div>
      <div className={styles.fan} aria-hidden="true">
        {fan.map(([seed, type]) => (
          <div key={seed}>
            <Cover seed={seed!} type={type!} />
          </div>
        ))}
      </div>
    </section>
  );
}

export function Home() {
  usePageTitle(undefined);
  const viewer = useViewer();
  const newest = useQuery({
    ...modelsQuery({ limit: shown }),
    // An empty place fills while somebody looks: an import, the demo, a first upload.
    refetchInterval: (query) => (query.state.data?.items.length === 0 ? 4000 : false),
  });
  const empty = newest.data?.items.length === 0;
  return (
    <>
      {viewer && !viewer.user ? <Hero /> : <h1 className="unseen">{t('Home')}</h1>}
      {empty ? (
        <Empty
          icon="layers"
          title={t('Nothing has been published yet')}
          actions={
            <ButtonLink to="/upload" search={{}} variant="solid" icon="upload">
              {t('Publish the first model')}
            </ButtonLink>
          }
        >
          {t(
            'Upload a file, or ask an administrator to import the models folder of ComfyUI or A1111 in place.',
          )}
        </Empty>
      ) : (
        <>
          <Pictures />
          <Shelf title={t('New')} />
          <Types />
          <Shelf title={t('Most downloaded')} sort="mostDownloaded" />
        </>
      )}
    </>
  );
}
