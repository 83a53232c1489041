import { imageQuery, images } from '../../api/images';
import type { ImageView } from '../../api/images';
import { queries } from '../../queries';
import { t } from '../../text/words';
import { deliver } from '../../uploads/send';
import { numberIn } from '../../text/address';

export const acceptedPictures = 'image/png,image/jpeg,image/webp,image/avif,image/gif';

const beat = 300;

/** The image once its file has been read. */
async function settled(id: number): Promise<ImageView> {
  for (;;) {
    const view = await queries.fetchQuery({ ...imageQuery(id), staleTime: 0 });
    if (view.image.state === 'ready') return view;
    if (view.image.state !== 'pending')
      throw new Error(view.image.problem || t('This file could not be read'));
    await new Promise((done) => setTimeout(done, beat));
  }
}

/** A file as an image of one's own, in no post: only its owner sees it. */
export async function imageOfFile(
  file: File,
  onPart?: (part: number) => void,
): Promise<ImageView> {
  const upload = await deliver(file, onPart);
  const { image } = await images.create({ upload: upload.id });
  return settled(image.id);
}

/** An image of this server by its address. */
export async function imageAt(text: string): Promise<ImageView> {
  const id = numberIn(text, 'image');
  if (!id) throw new Error(t('That is not the address of an image here, such as /images/12.'));
  const view = await queries.fetchQuery(imageQuery(id));
  if (view.image.type === 'video') throw new Error(t('That is a video, and a picture is needed.'));
  return view;
}

/** The pictures among what was dropped or pasted. */
export function picturesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith('image/'));
}

/** The image of this server whose link was dragged here. */
export function linkIn(data: DataTransfer | null): number | undefined {
  const address = data?.getData('text/uri-list').split('\n')[0] ?? '';
  return address.startsWith(location.origin) ? numberIn(address, 'image') : undefined;
}
