import type { ModelType } from '../../api/shapes';

/** "my_style-v2.1.safetensors" → "My style v2.1": a first name that can be changed. */
export function nameOf(file: string): string {
  const words = file
    .replace(/\.(safetensors|sft|gguf|ckpt|pth?|bin|onnx|zip|json)$/i, '')
    .replace(/[_\s-]+/g, ' ')
    .trim()
    .slice(0, 100);
  return words ? words[0]!.toUpperCase() + words.slice(1) : file;
}

/** A first guess from the file's kind and size; inspection knows better a moment later. */
export function typeOf(file: { name: string; size: number }): ModelType {
  if (/\.(zip|json)$/i.test(file.name)) return 'Other';
  if (file.size < 300_000) return 'TextualInversion';
  return file.size < 1_500_000_000 ? 'LORA' : 'Checkpoint';
}
