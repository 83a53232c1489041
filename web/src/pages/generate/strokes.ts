/** What was done to a mask, in its own pixels; playing all of it again gives the mask. */
export type Deed =
  | { kind: 'stroke'; erase: boolean; dots: Dot[] }
  | { kind: 'rectangle'; erase: boolean; x: number; y: number; width: number; height: number }
  | { kind: 'everything' }
  | { kind: 'invert' }
  | { kind: 'clear' };

/** A place where the brush touched; `size` is its diameter. */
export interface Dot {
  x: number;
  y: number;
  size: number;
}

/** Deeds in their order; those from `done` on were undone. */
export interface History {
  deeds: Deed[];
  done: number;
}

export const nothingDone: History = { deeds: [], done: 0 };

/** What was undone before is forgotten by doing something else. */
export function did(history: History, deed: Deed): History {
  return { deeds: [...history.deeds.slice(0, history.done), deed], done: history.done + 1 };
}

export const undone = (history: History): History => ({
  ...history,
  done: Math.max(0, history.done - 1),
});

export const redone = (history: History): History => ({
  ...history,
  done: Math.min(history.deeds.length, history.done + 1),
});

type Context = CanvasRenderingContext2D;

/** From dot to dot, each as broad as the brush was there. */
function stroke(on: Context, dots: Dot[]) {
  on.lineCap = 'round';
  on.lineJoin = 'round';
  for (const [at, dot] of dots.entries()) {
    const before = dots[at - 1] ?? dot;
    on.lineWidth = dot.size;
    on.beginPath();
    on.moveTo(before.x, before.y);
    // A line of no length draws its round cap.
    on.lineTo(dot.x, dot.y);
    on.stroke();
  }
}

/** Draws a deed on what is there; the canvas holds `colour` where the mask is white. */
export function perform(on: Context, deed: Deed, colour: string) {
  const { width, height } = on.canvas;
  on.save();
  on.fillStyle = colour;
  on.strokeStyle = colour;
  switch (deed.kind) {
    case 'stroke':
      if (deed.erase) on.globalCompositeOperation = 'destination-out';
      stroke(on, deed.dots);
      break;
    case 'rectangle':
      if (deed.erase) on.globalCompositeOperation = 'destination-out';
      on.fillRect(deed.x, deed.y, deed.width, deed.height);
      break;
    case 'everything':
      on.clearRect(0, 0, width, height);
      on.fillRect(0, 0, width, height);
      break;
    case 'invert':
      // Opaque paint by "xor" leaves 1 - alpha of what was there.
      on.globalCompositeOperation = 'xor';
      on.fillRect(0, 0, width, height);
      break;
    case 'clear':
      on.clearRect(0, 0, width, height);
      break;
  }
  on.restore();
}

/** Of RGBA pixels, the alpha alone: how white the mask is there. */
export function greyOf(pixels: ArrayLike<number>): Uint8Array {
  const grey = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < grey.length; at += 1) grey[at] = pixels[at * 4 + 3]!;
  return grey;
}

/** 0 to 1. */
export function shareOf(grey: Uint8Array): number {
  let sum = 0;
  for (const value of grey) sum += value;
  return grey.length ? sum / 255 / grey.length : 0;
}
