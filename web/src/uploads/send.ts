import { Upload } from 'tus-js-client';
import { uploadOf } from '../api/files';
import { Problem } from '../api/client';
import type { Body } from '../api/shapes';
import { t } from '../text/words';
import { makeSpeedometer } from './speed';
import { addTransfer, changeTransfer, dropTransfer, findTransfer } from './transfers';
import type { Place } from './transfers';

const chunk = 16 * 1024 * 1024;
const delays = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];
const senders = new Map<string, Upload>();

export interface Destination {
  place: Place;
  /** Gives what arrived (an upload's number) to where it belongs. */
  attach: (upload: number) => Promise<unknown>;
}

function words(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const reply = (error as { originalResponse?: { getStatus(): number; getBody(): string } })
    .originalResponse;
  if (!reply) return t('The connection was lost.');
  try {
    const body = JSON.parse(reply.getBody()) as { detail?: string; title?: string };
    return body.detail ?? body.title ?? t('The server refused the file.');
  } catch {
    return t('The server answered {status}.', { status: reply.getStatus() });
  }
}

const tokenOf = (address: string) => new URL(address, location.href).pathname.split('/').pop()!;

async function finish(key: string, address: string, destination: Destination) {
  changeTransfer(key, { state: 'finishing', speed: 0 });
  try {
    const { id } = await uploadOf(tokenOf(address));
    await destination.attach(id);
    dropTransfer(key);
  } catch (error) {
    changeTransfer(key, { state: 'failed', error: words(error) });
  }
}

function run(key: string, file: File, destination: Destination, address?: string) {
  const speed = makeSpeedometer();
  const upload = new Upload(file, {
    endpoint: '/api/v2/uploads',
    uploadUrl: address ?? null,
    chunkSize: chunk,
    retryDelays: delays,
    storeFingerprintForResuming: false,
    metadata: { filename: file.name },
    onUploadUrlAvailable: () => changeTransfer(key, { address: upload.url ?? undefined }),
    onProgress: (sent) => {
      const rate = speed(sent, performance.now());
      changeTransfer(key, { sent, speed: rate, state: 'sending', error: undefined });
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again =
        status === 0 || status >= 500 || status === 409 || status === 423 || status === 429;
      if (again) changeTransfer(key, { state: 'retrying', speed: 0, error: words(error) });
      return again;
    },
    onError: (error) => changeTransfer(key, { state: 'failed', speed: 0, error: words(error) }),
    onSuccess: () => void finish(key, upload.url!, destination),
  });
  senders.set(key, upload);
  upload.start();
}

/** Starts sending; the transfer goes on while the person looks at other pages. */
export function send(file: File, destination: Destination) {
  const { place } = destination;
  const where = place.kind === 'version' ? String(place.versionId) : `post${place.postId}`;
  const key = `${file.name}.${file.size}.${file.lastModified}.${where}`;
  if (findTransfer(key)) return resume(key, destination, file);
  addTransfer({
    key,
    name: file.name,
    size: file.size,
    modified: file.lastModified,
    place,
    sent: 0,
    state: 'sending',
    speed: 0,
  });
  run(key, file, destination);
}

/** Goes on with an upload that another page or browser began. */
export function adopt(
  upload: { name: string; bytes: number; received: number; address: string },
  file: File,
  destination: Destination,
) {
  const key = upload.address;
  addTransfer({
    key,
    name: upload.name,
    size: upload.bytes,
    modified: file.lastModified,
    place: destination.place,
    sent: upload.received,
    state: 'orphaned',
    speed: 0,
    address: upload.address,
  });
  resume(key, destination, file);
}

/** Sends a file that the page itself waits for: it has no place among the transfers. */
export function deliver(file: File, onPart?: (part: number) => void) {
  return new Promise<Body<'UploadRow'>>((done, fail) => {
    const upload = new Upload(file, {
      endpoint: '/api/v2/uploads',
      chunkSize: chunk,
      retryDelays: delays.slice(0, 4),
      storeFingerprintForResuming: false,
      metadata: { filename: file.name },
      onProgress: (sent) => onPart?.(file.size ? sent / file.size : 1),
      onError: (error) => fail(new Error(words(error))),
      onSuccess: () => void uploadOf(tokenOf(upload.url!)).then(done, fail),
    });
    upload.start();
  });
}

export function pause(key: string) {
  void senders.get(key)?.abort();
  changeTransfer(key, { state: 'paused', speed: 0 });
}

/** Goes on where the server stands; after a reload it needs the same file again. */
export function resume(key: string, destination: Destination, file?: File) {
  const transfer = findTransfer(key);
  if (!transfer || transfer.state === 'sending') return;
  const upload = senders.get(key);
  changeTransfer(key, { state: 'sending', error: undefined });
  if (transfer.address && transfer.sent >= transfer.size) {
    void finish(key, transfer.address, destination);
  } else if (upload) upload.start();
  else if (file) run(key, file, destination, transfer.address);
}

export function matches(key: string, file: File): boolean {
  const transfer = findTransfer(key);
  return transfer?.name === file.name && transfer.size === file.size;
}

export async function cancel(key: string) {
  const transfer = findTransfer(key);
  const upload = senders.get(key);
  dropTransfer(key);
  senders.delete(key);
  try {
    if (upload) await upload.abort(true);
    else if (transfer?.address) await Upload.terminate(transfer.address);
  } catch {
    // What could not be removed now expires on the server.
  }
}
