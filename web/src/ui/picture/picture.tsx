import { useEffect, useRef, useState } from 'react';
import { addressOf } from '../../api/images';
import type { Pictured } from '../../api/images';
import { bytesOf, decodeThumbHash } from '../justified-grid/thumb-hash';
import styles from './picture.module.css';

/** A blurred idea of the picture, from 25 bytes that came with the list. */
function Idea({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const bytes = bytesOf(hash);
    const picture = bytes && decodeThumbHash(bytes);
    const element = canvas.current;
    if (!picture || !element) return;
    element.width = picture.width;
    element.height = picture.height;
    const image = new ImageData(picture.pixels, picture.width, picture.height);
    element.getContext('2d')?.putImageData(image, 0, 0);
  }, [hash]);
  return <canvas ref={canvas} width={1} height={1} aria-hidden="true" />;
}

export const stillWanted = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

interface PictureProps {
  image: Pictured;
  /** Width of the box it fills, CSS pixels. */
  width: number;
  /** Veiled: only the idea is shown, and the picture is not even asked for. */
  veiled?: boolean;
  fit?: 'cover' | 'contain';
  /** Of the picture itself; where a link or heading around it speaks, none. */
  alt?: string;
}

/** An image or the first moment of a film, filling its box. Films move while pointed at. */
export function Picture({ image, width, veiled, fit = 'cover', alt = '' }: PictureProps) {
  const [shown, setShown] = useState('');
  // While many pictures are made smaller at once the server asks for patience.
  const [failures, setFailures] = useState(0);
  const again = () => {
    if (failures < 4) setTimeout(() => setFailures(failures + 1), 1000 * 2 ** failures);
  };
  const [address] = useState(() => addressOf(image, width));
  const common = { 'data-fit': fit, className: styles.picture, 'data-shown': shown === address };
  return (
    <div {...common}>
      {image.thumbHash && shown !== address && <Idea hash={image.thumbHash} />}
      {veiled || image.state !== 'ready' ? null : image.type === 'video' ? (
        <video
          src={address}
          muted
          loop
          playsInline
          preload="metadata"
          aria-label={alt || undefined}
          onLoadedData={() => setShown(address)}
          onPointerEnter={(event) => !stillWanted() && void event.currentTarget.play()}
          onPointerLeave={(event) => event.currentTarget.pause()}
        />
      ) : (
        <img
          key={failures}
          src={address}
          alt={alt}
          onError={again}
          decoding="async"
          draggable={false}
          ref={(element) => {
            if (element?.complete && element.naturalWidth) setShown(address);
          }}
          onLoad={() => setShown(address)}
        />
      )}
    </div>
  );
}
