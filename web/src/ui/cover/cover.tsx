import { memo, useId } from 'react';
import { palettes } from './palettes';
import { contours, frames, orbits, petals, ribbons, sheet, strata, tiles, weave } from './patterns';
import type { Pattern } from './patterns';
import { dice } from './seed';
import styles from './cover.module.css';

const byType: Record<string, Pattern> = {
  Checkpoint: strata,
  LORA: tiles,
  LoCon: ribbons,
  DoRA: ribbons,
  TextualInversion: petals,
  Hypernetwork: petals,
  AestheticGradient: petals,
  Controlnet: contours,
  Detection: contours,
  Poses: contours,
  VAE: weave,
  TextEncoder: weave,
  CLIP: weave,
  CLIPVision: weave,
  LLM: weave,
  VisionLanguage: weave,
  Upscaler: frames,
  UNet: frames,
};

interface CoverProps {
  /** A file's hash where there is one, else the model's name: the same seed, the same picture. */
  seed: string;
  type: string;
}

/** The cover of a model without images: a pattern by type, its drawing and colours by seed. */
export const Cover = memo(function Cover({ seed, type }: CoverProps) {
  const id = `cover-${useId().replace(/[^\w]/g, '')}`;
  const roll = dice(seed);
  const palette = roll.pick(palettes);
  const draw = byType[type] ?? orbits;
  return (
    <svg
      className={styles.cover}
      viewBox={`0 0 ${sheet.width} ${sheet.height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {draw(roll, palette, id)}
    </svg>
  );
});
