import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { ofBase64 } from './grey-png';
import { did, greyOf, nothingDone, perform, redone, undone } from './strokes';
import type { Deed, Dot, History } from './strokes';

/** A grey PNG as paint: as opaque as it is white. */
async function paintOf(png: string, colour: string): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(new Blob([ofBase64(png)], { type: 'image/png' }));
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const on = canvas.getContext('2d', { willReadFrequently: true })!;
  on.drawImage(bitmap, 0, 0);
  const data = on.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.data.length; at += 4) data.data[at + 3] = data.data[at]!;
  on.putImageData(data, 0, 0);
  on.globalCompositeOperation = 'source-in';
  on.fillStyle = colour;
  on.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}

export interface MaskWork {
  history: History;
  act: (deed: Deed) => void;
  undo: () => void;
  redo: () => void;
  /** A stroke from here on; `go` goes on with it, `end` makes it a deed. */
  begin: (dot: Dot, erase: boolean) => void;
  go: (dots: Dot[]) => void;
  end: () => void;
  read: () => Uint8Array;
}

/** Paints on the canvas, whose pixels are those of the mask, and remembers how. */
export function useMask(
  canvas: RefObject<HTMLCanvasElement | null>,
  before: string | undefined,
): MaskWork {
  const [history, setHistory] = useState(nothingDone);
  const base = useRef<HTMLCanvasElement>(null);
  const open = useRef<Deed & { kind: 'stroke' }>(null);
  const pen = useCallback(() => {
    const element = canvas.current!;
    return {
      on: element.getContext('2d', { willReadFrequently: true })!,
      colour: getComputedStyle(element).color,
    };
  }, [canvas]);

  const draw = useCallback(
    (all: History) => {
      const { on, colour } = pen();
      on.clearRect(0, 0, on.canvas.width, on.canvas.height);
      if (base.current) on.drawImage(base.current, 0, 0);
      for (const deed of all.deeds.slice(0, all.done)) perform(on, deed, colour);
    },
    [pen],
  );

  useEffect(() => {
    if (!before) return;
    let gone = false;
    void paintOf(before, pen().colour).then((paint) => {
      if (gone) return;
      base.current = paint;
      draw(nothingDone);
    });
    return () => void (gone = true);
  }, [before, pen, draw]);

  function show(next: History) {
    draw(next);
    setHistory(next);
  }

  return {
    history,
    act: (deed) => {
      const { on, colour } = pen();
      perform(on, deed, colour);
      setHistory(did(history, deed));
    },
    undo: () => show(undone(history)),
    redo: () => show(redone(history)),
    begin: (dot, erase) => {
      open.current = { kind: 'stroke', erase, dots: [dot] };
      const { on, colour } = pen();
      perform(on, open.current, colour);
    },
    go: (dots) => {
      const stroke = open.current;
      if (!stroke || !dots.length) return;
      const { on, colour } = pen();
      perform(on, { ...stroke, dots: [stroke.dots.at(-1)!, ...dots] }, colour);
      stroke.dots.push(...dots);
    },
    end: () => {
      const stroke = open.current;
      open.current = null;
      if (!stroke) return;
      // Drawn again as a whole: the picture is what the deeds say, now as after an undo.
      show(did(history, stroke));
    },
    read: () => {
      const { on } = pen();
      return greyOf(on.getImageData(0, 0, on.canvas.width, on.canvas.height).data);
    },
  };
}
