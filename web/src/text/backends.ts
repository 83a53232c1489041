import type { Body } from '../api/shapes';
import { number } from './format';
import { t } from './words';

type Health = Body<'BackendHealth'>;

/** What kind of program speaks this protocol. */
export function protocolWords(protocol: string): string {
  switch (protocol) {
    case 'sketch':
      return t('Built-in painter');
    case 'comfyui':
      return t('ComfyUI');
    case 'automatic1111':
      return t('A1111, Forge, SD.Next, stable-diffusion.cpp');
    case 'openai':
      return t('OpenAI-style images');
    default:
      return protocol;
  }
}

/** What the circuit breaker knows of a backend. */
export function healthWords(health: Health): string {
  switch (health) {
    case 'closed':
      return t('Online');
    case 'half_open':
      return t('Being tried');
    default:
      return t('Out of order');
  }
}

/** What kind of model files these are, in the plural. */
export function modelKindWords(kind: string): string {
  switch (kind) {
    case 'checkpoint':
      return t('Checkpoints');
    case 'lora':
      return t('LoRAs');
    case 'vae':
      return t('VAEs');
    case 'embedding':
      return t('Embeddings');
    case 'controlnet':
      return t('ControlNets');
    case 'upscaler':
      return t('Upscalers');
    default:
      return kind;
  }
}

/** Milliseconds with three figures at most: 0.42 ms, 17 ms, 1.8 s. */
export function pace(milliseconds: number): string {
  const figures = (value: number) => number(Number(value.toPrecision(value < 100 ? 2 : 3)));
  if (milliseconds < 1000) return t('{count} ms', { count: figures(milliseconds) });
  return t('{count} s', { count: figures(milliseconds / 1000) });
}
