import { useEffect, useRef, useState } from 'react';
import type { PointerEvent, RefObject } from 'react';
import { fitted, kept, natural, zoomAt } from './zoom';
import type { Size, Stand } from './zoom';

interface Gestures {
  onStep: (by: 1 | -1) => void;
  onLeave: () => void;
}

const swipe = 60;
const tap = 6;

/**
 * Zooming and moving a picture: wheel, two fingers, dragging, a tap or double click; and, while it
 * is not enlarged, swiping to its neighbours and down and away.
 */
export function useStage(frame: RefObject<HTMLElement | null>, picture: Size, on: Gestures) {
  const [stand, setStand] = useState<Stand>(fitted);
  const [pulled, setPulled] = useState({ x: 0, y: 0 });
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const start = useRef({ x: 0, y: 0, spread: 0, stand: fitted, moved: false, pinched: false });

  const stage = (): Size => {
    const box = frame.current?.getBoundingClientRect();
    return { width: box?.width ?? 1, height: box?.height ?? 1 };
  };
  const most = () => 2 * natural(picture, stage(), window.devicePixelRatio || 1);
  const set = (next: Stand) => setStand(kept(next, picture, stage(), most()));

  /** Coordinates from the middle of the stage. */
  function middle(x: number, y: number) {
    const box = frame.current!.getBoundingClientRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  }

  function toggle(at?: { x: number; y: number }) {
    if (stand.scale > 1) setStand(fitted);
    else {
      const { x, y } = at ?? { x: 0, y: 0 };
      set(zoomAt(stand, natural(picture, stage(), window.devicePixelRatio || 1), x, y));
    }
  }

  // React listens to the wheel passively; here it must not scroll the page.
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    wheel.current = (event) => {
      event.preventDefault();
      const at = middle(event.clientX, event.clientY);
      set(zoomAt(stand, stand.scale * Math.exp(-event.deltaY / 400), at.x, at.y));
    };
  });
  useEffect(() => {
    const element = frame.current;
    const turn = (event: WheelEvent) => wheel.current(event);
    element?.addEventListener('wheel', turn, { passive: false });
    return () => element?.removeEventListener('wheel', turn);
  }, [frame]);

  function spread(): { x: number; y: number; spread: number } {
    const [one, other = one] = [...fingers.current.values()];
    return {
      x: (one!.x + other!.x) / 2,
      y: (one!.y + other!.y) / 2,
      spread: Math.hypot(one!.x - other!.x, one!.y - other!.y),
    };
  }

  function down(event: PointerEvent) {
    if (event.button !== 0 || (event.target as HTMLElement).closest('button, a')) return;
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    frame.current?.setPointerCapture(event.pointerId);
    const pinched = fingers.current.size > 1 || (start.current.pinched && fingers.current.size > 0);
    start.current = { ...spread(), stand, moved: false, pinched };
  }

  function move(event: PointerEvent) {
    if (!fingers.current.has(event.pointerId)) return;
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = spread();
    const { current: from } = start;
    const x = now.x - from.x;
    const y = now.y - from.y;
    if (Math.hypot(x, y) > tap || fingers.current.size > 1) from.moved = true;
    if (fingers.current.size > 1) {
      const at = middle(from.x, from.y);
      const zoomed = zoomAt(from.stand, (from.stand.scale * now.spread) / from.spread, at.x, at.y);
      set({ ...zoomed, x: zoomed.x + x, y: zoomed.y + y });
    } else if (stand.scale > 1) set({ ...stand, x: from.stand.x + x, y: from.stand.y + y });
    else if (from.moved) setPulled(Math.abs(x) > Math.abs(y) ? { x, y: 0 } : { x: 0, y });
  }

  function up(event: PointerEvent) {
    if (!fingers.current.delete(event.pointerId)) return;
    const { moved, pinched } = start.current;
    if (fingers.current.size > 0) {
      start.current = { ...spread(), stand, moved: true, pinched: true };
      return;
    }
    start.current.pinched = false;
    const { x, y } = pulled;
    setPulled({ x: 0, y: 0 });
    if (pinched) return;
    if (!moved) toggle(middle(event.clientX, event.clientY));
    else if (Math.abs(x) > swipe) on.onStep(x < 0 ? 1 : -1);
    else if (y > 2 * swipe && event.pointerType !== 'mouse') on.onLeave();
  }

  return {
    stand,
    pulled,
    toggle: () => toggle(),
    handlers: {
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: up,
    },
  };
}
