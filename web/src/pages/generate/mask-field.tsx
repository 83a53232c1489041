import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { addressOf, imageQuery } from '../../api/images';
import { percentOf } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { FieldError } from '../../ui/field';
import { usePanel } from './context';
import type { Mask } from './draft';
import { ofBase64 } from './grey-png';
import styles from './mask.module.css';

const MaskPainter = lazy(() => import('./mask-painter'));

/** The picture with what is to be edited over it. */
function Preview({ image, mask }: { image: number; mask: Mask }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const card = useQuery(imageQuery(image)).data?.image;
  useEffect(() => {
    const element = canvas.current;
    if (!element || !mask.png) return;
    let gone = false;
    void createImageBitmap(new Blob([ofBase64(mask.png)], { type: 'image/png' })).then((bitmap) => {
      if (gone) return;
      const scale = Math.min(1, 320 / Math.max(bitmap.width, bitmap.height));
      element.width = Math.max(1, Math.round(bitmap.width * scale));
      element.height = Math.max(1, Math.round(bitmap.height * scale));
      element.getContext('2d')!.drawImage(bitmap, 0, 0, element.width, element.height);
    });
    return () => void (gone = true);
  }, [mask.png]);
  if (!card || !mask.png) return null;
  return (
    <div className={styles.preview}>
      <img src={addressOf(card, 320)} alt="" />
      <canvas ref={canvas} role="img" aria-label={t('The mask over the picture')} />
    </div>
  );
}

/** Which part of the picture is to be painted anew. */
export function MaskField({ image }: { image: number }) {
  const { draft, change, fault } = usePanel();
  const [open, setOpen] = useState(false);
  const mask = draft.mask?.image === image ? draft.mask : undefined;
  const error = fault('/mask');
  return (
    <section className={styles.field} aria-label={t('Mask')}>
      {mask && <Preview image={image} mask={mask} />}
      <div className={styles.row}>
        <Button icon="brush" variant={mask ? 'soft' : 'solid'} onClick={() => setOpen(true)}>
          {!mask ? t('Paint the mask') : mask.png ? t('Continue painting') : t('Paint again')}
        </Button>
        {mask ? (
          <>
            <Button
              variant="ghost"
              icon="cross"
              onClick={() => change({ mask: undefined })}
              aria-label={t('Remove the mask')}
            />
            {mask.share !== undefined && (
              <span className={styles.quiet}>
                {t('{part} of the picture will change', { part: percentOf(mask.share) })}
              </span>
            )}
          </>
        ) : (
          <span className={styles.quiet}>{t('Only what you paint over is changed.')}</span>
        )}
      </div>
      {error && <FieldError>{error}</FieldError>}
      {open && (
        <Suspense fallback={null}>
          <MaskPainter
            image={image}
            before={mask?.png}
            onClose={() => setOpen(false)}
            onDone={(next) => {
              change({ mask: next });
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
