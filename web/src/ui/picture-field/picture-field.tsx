import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { imageQuery } from '../../api/images';
import type { ImageView } from '../../api/images';
import { queries } from '../../queries';
import { t } from '../../text/words';
import { Button } from '../button';
import { DropZone } from '../drop-zone';
import { FieldError, controlClass } from '../field';
import { Picture } from '../picture/picture';
import { useVeiled } from '../picture/levels';
import { Progress } from '../progress';
import { Bone } from '../state';
import { acceptedPictures, imageAt, imageOfFile, linkIn, picturesIn } from './pictures';
import styles from './picture-field.module.css';

/** A picture on its way into the panel: how far it is, or why it did not come. */
export function useBringing(onImage: (view: ImageView) => void) {
  const [part, setPart] = useState<number>();
  const [failed, setFailed] = useState('');
  async function bring(work: () => Promise<ImageView>) {
    setFailed('');
    setPart(0);
    try {
      onImage(await work());
    } catch (error) {
      setFailed((error as Error).message);
    } finally {
      setPart(undefined);
    }
  }
  return {
    part,
    failed,
    file: (file: File) => bring(() => imageOfFile(file, setPart)),
    address: (text: string) => bring(() => imageAt(text)),
  };
}

interface PictureFieldProps {
  label: string;
  hint?: string;
  value: number | undefined;
  error?: string;
  onChange: (image: number | undefined) => void;
  /** What can be done with the picture once it is there. */
  children?: ReactNode;
}

function Chosen({
  id,
  onRemove,
  children,
}: {
  id: number;
  onRemove: () => void;
  children?: ReactNode;
}) {
  const found = useQuery(imageQuery(id));
  const image = found.data?.image;
  return (
    <div className={styles.chosen}>
      <div className={styles.thumb}>
        {image ? <Thumb view={found.data!} /> : <Bone height="6rem" />}
      </div>
      <div className={styles.about}>
        {found.isError ? (
          <span>{t('This image is no longer here.')}</span>
        ) : (
          image && (
            <span>
              <Link to="/images/$id" params={{ id: String(id) }}>
                {t('Image {id}', { id: String(id) })}
              </Link>
              , {image.width} × {image.height}
            </span>
          )
        )}
        <div className={styles.actions}>
          {children}
          <Button size="small" variant="ghost" icon="cross" onClick={onRemove}>
            {t('Remove')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Thumb({ view }: { view: ImageView }) {
  const { veiled } = useVeiled(view.image);
  return <Picture image={view.image} width={160} veiled={veiled} fit="contain" />;
}

/** A picture by a file, by dropping or pasting, or by the address of an image here. */
export function PictureField({ label, hint, value, error, onChange, children }: PictureFieldProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [text, setText] = useState('');
  const bringing = useBringing((view) => {
    queries.setQueryData(imageQuery(view.image.id).queryKey, view);
    setText('');
    onChange(view.image.id);
  });
  const fault = bringing.failed || error;
  return (
    <section
      className={styles.field}
      aria-labelledby={`${id}-label`}
      data-over={over || undefined}
      onPaste={(event) => {
        const [file] = picturesIn(event.clipboardData);
        if (!file) return;
        event.preventDefault();
        event.stopPropagation();
        void bringing.file(file);
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const [file] = picturesIn(event.dataTransfer);
        const link = linkIn(event.dataTransfer);
        if (!file && !link) return;
        event.preventDefault();
        event.stopPropagation();
        void (file ? bringing.file(file) : bringing.address(String(link)));
      }}
    >
      <h2 id={`${id}-label`} className={styles.label}>
        {label}
      </h2>
      {value && bringing.part === undefined ? (
        <Chosen id={value} onRemove={() => onChange(undefined)}>
          {children}
        </Chosen>
      ) : bringing.part !== undefined ? (
        <Progress
          label={bringing.part < 1 ? t('Sending the picture') : t('Reading the file…')}
          done={bringing.part}
          total={1}
        />
      ) : (
        <>
          <DropZone
            small
            label={t('Choose a file: {what}', { what: label })}
            title={t('Drop a picture, paste one, or choose a file')}
            accept={acceptedPictures}
            onFiles={([file]) => file && void bringing.file(file)}
          />
          <div className={styles.address}>
            <input
              className={controlClass}
              aria-label={t('Address of an image here: {what}', { what: label })}
              placeholder={t('…or the address of an image here')}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
                event.preventDefault();
                void bringing.address(text);
              }}
            />
            <Button
              size="small"
              disabled={!text.trim()}
              onClick={() => void bringing.address(text)}
            >
              {t('Use')}
            </Button>
          </div>
        </>
      )}
      {hint && !fault && <p className={styles.hint}>{hint}</p>}
      {fault && <FieldError>{fault}</FieldError>}
    </section>
  );
}
