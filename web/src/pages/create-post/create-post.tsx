import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { DropZone } from '../../ui/drop-zone';
import { useFilesAnywhere } from '../../ui/files-anywhere';
import { Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { cancel, matches, pause, resume } from '../../uploads/send';
import { forPost, useTransfers } from '../../uploads/transfers';
import { TransferRow } from '../upload/transfer-row';
import { DetailsPart } from './details-part';
import { imagesMax, usePostDraft } from './draft';
import { ImagesPart } from './images-part';
import styles from './create-post.module.css';

const accepted = 'image/png,image/jpeg,image/webp,image/avif,image/gif,video/mp4,video/webm';

export function CreatePost() {
  const { post, found, search, keep, add, destination } = usePostDraft();
  const transfers = useTransfers().filter(forPost(post?.id));
  usePageTitle(post?.title || t('New post'));

  function onFiles(files: File[]) {
    const room = imagesMax - (post?.images.length ?? 0) - transfers.length;
    if (files.length > room) {
      say(t('A post holds {count} images at most.', { count: imagesMax }), { bad: true });
    }
    void add(files.slice(0, Math.max(0, room)));
  }
  useFilesAnywhere(onFiles);

  if (search.post && found.isError) {
    return <Failure page error={found.error} retry={() => void found.refetch()} />;
  }
  if (post && !post.mayEdit) {
    return <Notice tone="danger">{t('This is the post of somebody else.')}</Notice>;
  }
  const count = (post?.images.length ?? 0) + transfers.length;
  return (
    <div className={styles.page}>
      <header>
        <h1>{post && post.status !== 'Draft' ? t('Edit the post') : t('New post')}</h1>
        {post && <StatusBadge status={post.status} />}
        {post && post.status === 'Published' && (
          <ButtonLink to="/posts/$id" params={{ id: String(post.id) }} size="small">
            {t('See it')}
          </ButtonLink>
        )}
      </header>
      <div className={styles.main}>
        {post && <ImagesPart post={post} />}
        {transfers.map((transfer) => (
          <TransferRow
            key={transfer.key}
            transfer={transfer}
            onPause={() => pause(transfer.key)}
            onCancel={() => void cancel(transfer.key)}
            onResume={(file) => {
              if (file && !matches(transfer.key, file)) {
                say(t('That is another file: name or size differ.'), { bad: true });
                return;
              }
              if (post) resume(transfer.key, destination(post.id), file);
            }}
          />
        ))}
        {count < imagesMax && (
          <DropZone
            multiple
            accept={accepted}
            icon="image"
            small={count > 0}
            label={count > 0 ? t('Add more images') : t('Choose images')}
            title={count > 0 ? t('Add more') : t('Drop images or videos here')}
            hint={
              count > 0
                ? undefined
                : t('or choose them, or paste one: PNG, JPEG, WebP, AVIF, GIF, MP4, WebM')
            }
            onFiles={onFiles}
          />
        )}
      </div>
      {post && <DetailsPart key={post.id} post={post} keep={keep} busy={transfers.length > 0} />}
    </div>
  );
}
