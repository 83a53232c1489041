import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useRef } from 'react';
import { imageQuery, imagesQuery } from '../../api/images';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { imageWords } from '../../ui/picture/tile';
import { ImageLayout } from '../../ui/viewer/image-layout';
import { Failure } from '../../ui/state';
import styles from '../../ui/viewer/viewer.module.css';

/** An image by its own address. Its neighbours are those of its post. */
export function ImagePage() {
  const id = Number(useParams({ from: '/images/$id' }).id);
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);
  const found = useQuery(imageQuery(id));
  const image = found.data?.image;
  const post = image?.post;
  const siblings = useQuery({
    ...imagesQuery({ post, sort: 'oldest', limit: 20 }),
    enabled: post !== undefined,
  }).data?.items.toSorted((one, other) => one.position - other.position);
  usePageTitle(image ? imageWords(image) : t('Image {id}', { id: String(id) }));
  if (found.isError && !found.data) {
    return <Failure page error={found.error} retry={() => void found.refetch()} />;
  }
  const place = siblings?.findIndex((one) => one.id === id) ?? -1;
  const beside = (by: number) => (place < 0 ? undefined : siblings?.[place + by]);
  return (
    <div ref={frame} className={styles.page}>
      <ImageLayout
        page
        id={id}
        next={beside(1)}
        previous={beside(-1)}
        onStep={(by) => {
          const other = beside(by);
          if (other) void navigate({ to: '/images/$id', params: { id: String(other.id) } });
        }}
        frame={frame}
      />
    </div>
  );
}
