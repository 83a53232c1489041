import { Link } from '@tanstack/react-router';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { patchImage } from '../../api/images';
import type { ImageCard, ImageView, Pictured } from '../../api/images';
import { similarQuery } from '../../api/search';
import { bytes } from '../../text/format';
import { t } from '../../text/words';
import { Badge } from '../badge';
import { ButtonAnchor } from '../button';
import { useNear } from '../near';
import { useVeiled } from '../picture/levels';
import { Picture } from '../picture/picture';
import { imageWords, viewing } from '../picture/tile';
import { PersonChip } from '../person';
import { Reactions, counted, countsOf } from '../reactions';
import { RecipePart } from '../recipe/recipe';
import { picturedOf } from '../search/hit-picture';
import { Bone, Failure } from '../state';
import { Time } from '../time';
import { LevelPart } from './level';
import styles from './viewer.module.css';

function Small({ image, page }: { image: Pictured; page?: boolean }) {
  const { veiled } = useVeiled(image);
  const look = { className: styles.small, 'aria-label': imageWords(image) };
  const picture = <Picture image={image} width={96} veiled={veiled} />;
  return page ? (
    <Link {...look} to="/images/$id" params={{ id: String(image.id) }}>
      {picture}
    </Link>
  ) : (
    <Link {...look} {...viewing(image.id)} replace>
      {picture}
    </Link>
  );
}

function Row({ title, all, page }: { title: string; all: Pictured[]; page?: boolean }) {
  if (!all.length) return null;
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      <div className={styles.smalls}>
        {all.map((image) => (
          <Small key={image.id} image={image} page={page} />
        ))}
      </div>
    </section>
  );
}

/** Images whose prompts and tags are about the same; no heading over nothing. */
function Similar({ id, page }: { id: number; page?: boolean }) {
  const [mark, near] = useNear();
  const { data } = useQuery({ ...similarQuery('images', id), enabled: near });
  const all = data?.map(picturedOf).filter((image) => image !== undefined) ?? [];
  if (!all.length) return <div ref={mark} className={styles.mark} />;
  return <Row title={t('Similar images')} all={all} page={page} />;
}

function Facts({ view }: { view: ImageView }) {
  const { image, tags } = view;
  const facts: [string, ReactNode][] = [
    [t('Size'), image.width > 0 && `${image.width} × ${image.height}`],
    [t('File'), `${image.mime.replace(/^\w+\//, '').toUpperCase()}, ${bytes(image.bytes)}`],
    [t('Base model'), image.baseModel],
  ];
  return (
    <section className={styles.part}>
      <dl className={styles.facts}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {tags.length > 0 && (
        <nav className={styles.tags} aria-label={t('Tags')}>
          {tags.map((tag) => (
            <Link key={tag} to="/images" search={{ tag }}>
              {tag}
            </Link>
          ))}
        </nav>
      )}
    </section>
  );
}

interface SideProps {
  image: ImageCard | undefined;
  view: ImageView | undefined;
  error: unknown;
  retry: () => void;
  actions?: ReactNode;
  menu?: ReactNode;
  discussion?: ReactNode;
  page?: boolean;
}

/** Beside the picture: who, what people think of it, how it was made, what they say. */
export function Side({ image, view, error, retry, actions, menu, discussion, page }: SideProps) {
  const queries = useQueryClient();
  if (error && !view) return <Failure error={error} retry={retry} />;
  if (!image) return <Bone height="20rem" />;
  const Title = page ? 'h1' : 'h2';
  return (
    <>
      <header className={styles.who}>
        <Title className="unseen">{imageWords(image)}</Title>
        <PersonChip username={image.creator} size={36} />
        <span className={styles.when}>
          <Time at={image.publishedAt ?? image.createdAt} />
        </span>
        {image.demo && <Badge icon="info">{t('Demo')}</Badge>}
      </header>
      <div className={styles.actions}>
        <Reactions
          subject={{ kind: 'image', id: image.id }}
          counts={countsOf(image)}
          onCount={(reaction, by) =>
            patchImage(queries, image.id, (one) => counted(one, reaction, by))
          }
        />
      </div>
      <div className={styles.actions}>
        {actions}
        {view && (
          <ButtonAnchor size="small" icon="download" href={view.originalUrl} download>
            {t('Original')}
          </ButtonAnchor>
        )}
        {menu}
      </div>
      {view ? (
        <>
          <RecipePart view={view} />
          {view.remixOf && <Row title={t('Remix of')} all={[view.remixOf]} page={page} />}
          <Row title={t('Remixes')} all={view.remixes} page={page} />
          <LevelPart view={view} />
          <Facts view={view} />
          <Similar key={image.id} id={image.id} page={page} />
        </>
      ) : (
        <Bone height="16rem" />
      )}
      {discussion}
    </>
  );
}
