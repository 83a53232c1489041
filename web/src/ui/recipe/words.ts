import type { ImageResource, Recipe } from '../../api/images';
import { number } from '../../text/format';
import { t } from '../../text/words';

export function toolWords(tool: Recipe['tool']): string | null {
  switch (tool) {
    case 'unknown':
      return null;
    case 'automatic1111':
      return t('A1111 web UI');
    case 'forge':
      return t('Forge');
    case 'sd_next':
      return t('SD.Next');
    case 'comfyui':
      return t('ComfyUI');
    case 'swarmui':
      return t('SwarmUI');
    case 'fooocus':
      return t('Fooocus');
    case 'ruined_fooocus':
      return t('RuinedFooocus');
    case 'novelai':
      return t('NovelAI');
    case 'invokeai':
      return t('InvokeAI');
    case 'easy_diffusion':
      return t('Easy Diffusion');
    case 'draw_things':
      return t('Draw Things');
    case 'civitai':
      return t('Civitai');
    case 'atelier':
      return t('Atelier');
    default:
      return tool;
  }
}

/** The tool and its version, which may name the tool itself. */
function madeBy({ tool, toolVersion }: Recipe): string | null {
  const name = toolWords(tool);
  if (name && toolVersion?.startsWith(name)) return toolVersion;
  return [name, toolVersion].filter(Boolean).join(' ') || null;
}

export function kindWords(kind: ImageResource['kind']): string {
  switch (kind) {
    case 'checkpoint':
      return t('Checkpoint');
    case 'diffusion_model':
      return t('Diffusion model');
    case 'lora':
      return t('LoRA');
    case 'lycoris':
      return t('LyCORIS');
    case 'dora':
      return t('DoRA');
    case 'embedding':
      return t('Embedding');
    case 'hypernetwork':
      return t('Hypernetwork');
    case 'vae':
      return t('VAE');
    case 'controlnet':
      return t('ControlNet');
    case 'ip_adapter':
      return t('IP-Adapter');
    case 'upscaler':
      return t('Upscaler');
    case 'text_encoder':
      return t('Text encoder');
    case 'clip_vision':
      return t('CLIP vision');
    case 'motion':
      return t('Motion module');
    case 'detection':
      return t('Detector');
    default:
      return t('Model');
  }
}

const trim = (value: number) => number(Math.round(value * 1000) / 1000);
const given = (value: number | undefined) => (value === undefined ? null : trim(value));
const size = (width: number | undefined, height: number | undefined) =>
  width && height ? `${width} × ${height}` : null;

/** The settings that have words of their own, in the order people ask for them. */
export function settingsOf(recipe: Recipe): [string, string][] {
  const { hires } = recipe;
  const rows: [string, string | null][] = [
    [t('Sampler'), recipe.sampler || null],
    [t('Scheduler'), recipe.scheduler || null],
    [t('Steps'), given(recipe.steps)],
    [t('CFG scale'), given(recipe.cfgScale)],
    [t('Guidance'), given(recipe.guidance)],
    [t('Seed'), recipe.seed ?? null],
    [t('Size'), size(recipe.width, recipe.height)],
    [t('Clip skip'), given(recipe.clipSkip)],
    [t('Denoising'), given(recipe.denoise)],
    [t('VAE'), recipe.vae || null],
    [t('Variation seed'), recipe.variationSeed ?? null],
    [t('Variation strength'), given(recipe.variationStrength)],
    [t('Upscaled by'), hires?.upscale ? `${trim(hires.upscale)}×` : null],
    [t('Upscaled to'), size(hires?.width, hires?.height)],
    [t('Upscaler'), hires?.upscaler || null],
    [t('Upscale steps'), given(hires?.steps)],
    [t('Upscale denoising'), given(hires?.denoise)],
    [t('Tool'), madeBy(recipe)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null);
}

/** The recipe as the text that A1111 and most other tools read when it is pasted. */
export function recipeText(recipe: Recipe): string {
  const lines = [recipe.prompt];
  if (recipe.negativePrompt) lines.push(`Negative prompt: ${recipe.negativePrompt}`);
  const pairs: [string, string | number | undefined][] = [
    ['Steps', recipe.steps],
    ['Sampler', recipe.sampler || undefined],
    ['Schedule type', recipe.scheduler || undefined],
    ['CFG scale', recipe.cfgScale],
    ['Distilled CFG Scale', recipe.guidance],
    ['Seed', recipe.seed ?? undefined],
    ['Size', recipe.width && recipe.height ? `${recipe.width}x${recipe.height}` : undefined],
    ['Model hash', recipe.modelHash || undefined],
    ['Model', recipe.model ? quoted(recipe.model) : undefined],
    ['VAE', recipe.vae ? quoted(recipe.vae) : undefined],
    ['Denoising strength', recipe.denoise],
    ['Clip skip', recipe.clipSkip],
    ['Hires upscale', recipe.hires?.upscale],
    ['Hires steps', recipe.hires?.steps],
    ['Hires upscaler', recipe.hires?.upscaler || undefined],
  ];
  const said = pairs.filter(([, value]) => value !== undefined);
  if (said.length) lines.push(said.map(([name, value]) => `${name}: ${value}`).join(', '));
  return lines.join('\n');
}

/** A value with a comma or colon in it would end early. */
function quoted(text: string): string {
  return /[,:\n]/.test(text) ? JSON.stringify(text) : text;
}

export interface Piece {
  text: string;
  /** An extra network called from the prompt: `<lora:name:0.8>`. */
  network?: { name: string; strength: string };
}

/** A prompt in pieces, so that what is not words can look like what it is. */
export function pieces(prompt: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of prompt.matchAll(/<(?:lora|lyco|hypernet):([^:<>]+)(?::([^<>]*))?>/g)) {
    if (match.index > from) found.push({ text: prompt.slice(from, match.index) });
    found.push({ text: match[0], network: { name: match[1]!, strength: match[2] ?? '' } });
    from = match.index + match[0].length;
  }
  if (from < prompt.length) found.push({ text: prompt.slice(from) });
  return found;
}
