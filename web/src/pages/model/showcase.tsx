import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { fixedFeed, imagesQuery } from '../../api/images';
import type { ImageCard } from '../../api/images';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { FixedGallery } from '../../ui/gallery';
import { shapeOf } from '../../ui/justified-grid/rows';
import { ImageTile } from '../../ui/picture/tile';
import { Bone, Failure } from '../../ui/state';
import styles from './model.module.css';

/** The creator's own images of a version, in a row that is scrolled sideways. */
export function Showcase({ images, list }: { images: ImageCard[]; list: string }) {
  const row = useRef<HTMLDivElement>(null);
  const [ends, setEnds] = useState({ start: true, end: true });
  const ids = images.map((image) => image.id).join();
  // The viewer asks the list for neighbours.
  const feed = useMemo(() => fixedFeed(list, images), [list, ids]); // eslint-disable-line
  useEffect(() => void feed.more(), [feed]);
  useEffect(() => {
    const element = row.current;
    if (!element) return;
    const look = () => {
      const { scrollLeft, clientWidth, scrollWidth } = element;
      setEnds({ start: scrollLeft < 2, end: scrollLeft + clientWidth > scrollWidth - 2 });
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      watch.disconnect();
    };
  }, [ids]);
  const move = (by: number) =>
    row.current?.scrollBy({ left: by * row.current.clientWidth * 0.8, behavior: 'smooth' });
  return (
    <div className={styles.showcase}>
      <div ref={row} className={styles.strip} role="group" aria-label={t('By its creator')}>
        {images.map((image) => (
          <div
            key={image.id}
            className={styles.shown}
            style={{ aspectRatio: shapeOf(image.width, image.height) }}
          >
            <ImageTile image={image} width={640} list={list} />
          </div>
        ))}
      </div>
      {!ends.start && (
        <Button
          className={styles.back}
          icon="left"
          aria-label={t('Earlier images')}
          onClick={() => move(-1)}
        />
      )}
      {!ends.end && (
        <Button
          className={styles.on}
          icon="right"
          aria-label={t('More images')}
          onClick={() => move(1)}
        />
      )}
    </div>
  );
}

export const showcaseQuery = (version: number) =>
  imagesQuery({ version, byCreator: true, sort: 'newest', limit: 20 });

/** What people made with this version: the best of it, and the way to all and to one's own. */
export function Gallery({ model, version }: { model: ModelCard; version: VersionCard }) {
  const found = useQuery(imagesQuery({ version: version.id, sort: 'mostReactions', limit: 24 }));
  const all = found.data?.items ?? [];
  return (
    <section className={styles.block} aria-label={t('Gallery')}>
      <div className={styles.title}>
        <h2>{t('Gallery')}</h2>
        <div className={styles.actions}>
          {all.length > 0 && (
            <Link to="/images" search={{ version: String(version.id) }} className={styles.all}>
              {t('See all')}
            </Link>
          )}
          <ButtonLink
            to="/create-post"
            search={{ version: String(version.id) }}
            size="small"
            icon="plus"
          >
            {t('Post yours')}
          </ButtonLink>
        </div>
      </div>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="12rem" />
      ) : all.length === 0 ? (
        <p className={styles.fileNote}>
          {model.mayEdit
            ? t('Images that you post here show what this version can do.')
            : t('Nobody has posted an image made with it yet.')}
        </p>
      ) : (
        <FixedGallery
          list={`gallery ${version.id}`}
          label={t('Gallery')}
          images={all}
          density="dense"
        />
      )}
    </section>
  );
}
