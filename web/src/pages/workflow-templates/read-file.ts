// The workflow that a file carries: JSON as it is, or in the texts of a PNG, where ComfyUI puts
// the executed graph ("prompt") and the editor's document ("workflow"). PNG: W3C REC-png-3 §11.3.
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const bytesMax = 64 * 1024 * 1024;
const textMax = 16 * 1024 * 1024;

export interface WorkflowTexts {
  /** To be imported: what was executed, or what the editor saved. */
  workflow: string;
  /** What ComfyUI's editor opens, if the file has it beside what was executed. */
  document?: string;
}

export type Refusal = 'too_large' | 'nothing_in_picture';

/** What a zlib stream unpacks to; an error if it is larger than any workflow is. */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = unpacked.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > textMax) {
      await reader.cancel();
      throw new RangeError('too large');
    }
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Where the NUL is that ends a text begun at `from`; the end if there is none. */
function endOf(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(0, from);
  return at < 0 ? bytes.length : at;
}

async function textOf(kind: string, data: Uint8Array<ArrayBuffer>) {
  const nameEnd = endOf(data, 0);
  const name = latin1(data.subarray(0, nameEnd));
  if (kind === 'tEXt') return [name, utf8(data.subarray(nameEnd + 1))] as const;
  if (kind === 'zTXt') return [name, utf8(await inflated(data.slice(nameEnd + 2)))] as const;
  const packed = data[nameEnd + 1] === 1;
  const language = endOf(data, nameEnd + 3);
  const body = data.slice(endOf(data, language + 1) + 1);
  return [name, utf8(packed ? await inflated(body) : body)] as const;
}

/** The texts of a PNG by their names, up to the first piece that is not whole. */
export async function pngTexts(bytes: Uint8Array<ArrayBuffer>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = signature.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = latin1(bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) break;
    if (kind === 'tEXt' || kind === 'zTXt' || kind === 'iTXt') {
      try {
        const [name, text] = await textOf(kind, bytes.slice(at + 8, at + 8 + length));
        texts.set(name, text);
      } catch {
        // Not readable: as if it were not there.
      }
    }
    at += 12 + length;
  }
  return texts;
}

/** The workflow of a file that was dropped or chosen. What JSON means is the server's to say. */
export async function readWorkflowFile(file: Blob): Promise<WorkflowTexts | Refusal> {
  if (file.size > bytesMax) return 'too_large';
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (signature.every((byte, index) => bytes[index] === byte)) {
    const texts = await pngTexts(bytes);
    const document = texts.get('workflow');
    const executed = texts.get('prompt');
    if (executed !== undefined) return { workflow: executed, document };
    return document === undefined ? 'nothing_in_picture' : { workflow: document };
  }
  if (file.type.startsWith('image/')) return 'nothing_in_picture';
  return { workflow: utf8(bytes) };
}
