/** How a picture stands on the stage: enlarged by `scale`, moved by `x` and `y` CSS pixels. */
export interface Stand {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const fitted: Stand = { scale: 1, x: 0, y: 0 };

/** The size at which a picture just fits; it is never enlarged by that. */
export function fit(picture: Size, stage: Size): Size {
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** By how much the fitted picture is enlarged when a pixel of it is one of the screen. */
export function natural(picture: Size, stage: Size, density: number): number {
  const { width } = fit(picture, stage);
  return Math.max(1.5, picture.width / density / width);
}

/** Keeps the picture over the stage: no edge of it comes in further than needed. */
export function kept(stand: Stand, picture: Size, stage: Size, most: number): Stand {
  const scale = Math.min(most, Math.max(1, stand.scale));
  if (scale === 1) return fitted;
  const { width, height } = fit(picture, stage);
  const room = (size: number, whole: number) => Math.max(0, (size * scale - whole) / 2);
  const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value)) || 0;
  return {
    scale,
    x: clamp(stand.x, room(width, stage.width)),
    y: clamp(stand.y, room(height, stage.height)),
  };
}

/** Enlarges to `scale` so that what is at `x`, `y` (from the middle of the stage) stays there. */
export function zoomAt(stand: Stand, scale: number, x: number, y: number): Stand {
  const ratio = scale / stand.scale;
  return { scale, x: x - (x - stand.x) * ratio, y: y - (y - stand.y) * ratio };
}
