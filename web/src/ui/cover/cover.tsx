import { memo, useId } from 'react';
import { palettes } from './palettes';
import { contours, frames, orbits, petals, ribbons, strata, tiles, weave } from './patterns';
import type { Pattern, Sheet } from './patterns';
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
  /** Drawn for a broad place instead of a card. */
  broad?: boolean;
}

const card: Sheet = { width: 300, height: 400 };
const banner: Sheet = { width: 1000, height: 400 };

/** The cover of a model without images: a pattern by type, its drawing and colours by seed. */
export const Cover = memo(function Cover({ seed, type, broad }: CoverProps) {
  const sheet = broad ? banner : card;
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
      {draw(roll, palette, sheet, id)}
    </svg>
  );
});
