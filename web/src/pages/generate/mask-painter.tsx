import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react';
import { addressOf, imageQuery } from '../../api/images';
import type { ImageCard } from '../../api/images';
import { shortcutsOn } from '../../frame/shortcuts';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { Failure, Notice } from '../../ui/state';
import { Slider } from '../../ui/slider';
import { deliver } from '../../uploads/send';
import type { Mask } from './draft';
import { greyPng, toBase64 } from './grey-png';
import { MaskRectangle } from './mask-rectangle';
import { shareOf } from './strokes';
import type { Dot } from './strokes';
import { useMask } from './use-mask';
import type { MaskWork } from './use-mask';
import styles from './mask.module.css';

/** Longer masks are not kept in the browser: they would crowd out the rest of the draft. */
const keptMax = 300_000;

type Tool = 'brush' | 'eraser';

interface PainterProps {
  image: number;
  /** The PNG of the mask so far, in base64. */
  before: string | undefined;
  onDone: (mask: Mask) => void;
  onClose: () => void;
}

interface CanvasProps {
  image: ImageCard;
  canvas: React.RefObject<HTMLCanvasElement | null>;
  work: MaskWork;
  tool: Tool;
  size: number;
}

/** The picture with the mask over it. Mouse, finger and pen paint; a pen paints by its pressure. */
function Surface({ image, canvas, work, tool, size }: CanvasProps) {
  const ring = useRef<HTMLDivElement>(null);

  function dotOf(event: globalThis.PointerEvent): Dot {
    const box = canvas.current!.getBoundingClientRect();
    const pressed = event.pointerType === 'pen' && event.pressure ? event.pressure : 1;
    return {
      x: ((event.clientX - box.left) * image.width) / box.width,
      y: ((event.clientY - box.top) * image.height) / box.height,
      size: size * (0.3 + 0.7 * pressed),
    };
  }

  function follow(event: PointerEvent) {
    const element = ring.current!;
    const box = canvas.current!.getBoundingClientRect();
    const across = (size * box.width) / image.width;
    element.hidden = event.pointerType === 'touch';
    element.style.width = element.style.height = `${across}px`;
    element.style.translate =
      `${event.clientX - box.left - across / 2}px ${event.clientY - box.top - across / 2}px`;
  }

  function end() {
    work.end();
  }

  const shape = { '--wide': image.width, '--high': image.height } as CSSProperties;
  return (
    <div className={styles.surface} style={shape}>
      <img src={addressOf(image, 1200)} alt="" draggable={false} />
      <canvas
        ref={canvas}
        width={image.width}
        height={image.height}
        role="img"
        aria-label={t('The mask: what is painted will be edited')}
        onPointerDown={(event) => {
          if (event.button > 0 && event.button !== 5) return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          // The far end of a pen is button 5.
          work.begin(dotOf(event.nativeEvent), tool === 'eraser' || event.button === 5);
        }}
        onPointerMove={(event) => {
          follow(event);
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const all = event.nativeEvent.getCoalescedEvents?.() ?? [];
          work.go((all.length ? all : [event.nativeEvent]).map(dotOf));
        }}
        onPointerUp={end}
        onPointerCancel={end}
        onPointerLeave={() => (ring.current!.hidden = true)}
      />
      <div ref={ring} className={styles.ring} data-tool={tool} hidden />
    </div>
  );
}

interface ToolsProps {
  work: MaskWork;
  tool: Tool;
  onTool: (tool: Tool) => void;
  size: number;
  sizeMax: number;
  onSize: (size: number) => void;
}

function Tools({ work, tool, onTool, size, sizeMax, onSize }: ToolsProps) {
  const { history } = work;
  return (
    <div className={styles.tools}>
      <div role="group" aria-label={t('Tool')} className={styles.row}>
        {(['brush', 'eraser'] as const).map((one) => (
          <Button
            key={one}
            size="small"
            icon={one}
            variant={tool === one ? 'solid' : 'soft'}
            aria-pressed={tool === one}
            onClick={() => onTool(one)}
          >
            {one === 'brush' ? t('Brush') : t('Eraser')}
          </Button>
        ))}
      </div>
      <div className={styles.size}>
        <span aria-hidden="true">{t('Size')}</span>
        <Slider
          bare
          label={t('Size of the brush, pixels')}
          value={size}
          min={1}
          max={sizeMax}
          step={1}
          onChange={(next) => onSize(Math.max(1, next ?? 1))}
        />
      </div>
      <div className={styles.row}>
        <Button
          size="small"
          icon="undo"
          aria-label={t('Undo')}
          disabled={history.done === 0}
          onClick={work.undo}
        />
        <Button
          size="small"
          icon="redo"
          aria-label={t('Redo')}
          disabled={history.done === history.deeds.length}
          onClick={work.redo}
        />
        <Button size="small" icon="contrast" onClick={() => work.act({ kind: 'invert' })}>
          {t('Invert')}
        </Button>
        <Button size="small" onClick={() => work.act({ kind: 'everything' })}>
          {t('Everything')}
        </Button>
        <Button size="small" icon="trash" onClick={() => work.act({ kind: 'clear' })}>
          {t('Clear')}
        </Button>
      </div>
    </div>
  );
}

function useDone(image: ImageCard, work: MaskWork, onDone: (mask: Mask) => void) {
  const [state, setState] = useState({ busy: false, failed: '' });
  // What was said of a mask is not said of another.
  useEffect(() => setState({ busy: false, failed: '' }), [work.history]);
  async function finish() {
    const bytes = work.read();
    const share = shareOf(bytes);
    if (share === 0) {
      setState({ busy: false, failed: t('Nothing is painted yet, so nothing would change.') });
      return;
    }
    setState({ busy: true, failed: '' });
    try {
      const png = await greyPng({ width: image.width, height: image.height, bytes });
      const upload = await deliver(new File([png], `mask-${image.id}.png`, { type: 'image/png' }));
      const text = toBase64(png);
      onDone({
        image: image.id,
        choice: upload.file ? { file: upload.file } : { upload: upload.id },
        png: text.length <= keptMax ? text : undefined,
        share,
      });
    } catch (error) {
      setState({ busy: false, failed: (error as Error).message });
    }
  }
  return { ...state, finish };
}

function Painter({ card, before, onDone, onClose, onChanged }: Omit<PainterProps, 'image'> & {
  card: ImageCard;
  onChanged: (changed: boolean) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const work = useMask(canvas, before);
  const short = Math.min(card.width, card.height);
  const sizeMax = Math.max(8, Math.round(short / 2));
  const [tool, setTool] = useState<Tool>('brush');
  const [size, setSize] = useState(() => Math.max(4, Math.round(short / 10)));
  const done = useDone(card, work, onDone);
  useEffect(() => onChanged(work.history.done > 0));

  function press(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    const writes = target instanceof HTMLInputElement && target.type !== 'range';
    const key = event.key.toLowerCase();
    const act =
      event.metaKey || event.ctrlKey
        ? { z: event.shiftKey ? work.redo : work.undo, y: work.redo }[key]
        : !writes && shortcutsOn()
          ? {
              b: () => setTool('brush'),
              e: () => setTool('eraser'),
              i: () => work.act({ kind: 'invert' }),
              '[': () => setSize(Math.max(1, Math.round(size / 1.25))),
              ']': () => setSize(Math.min(sizeMax, Math.ceil(size * 1.25))),
            }[key]
          : undefined;
    if (!act || (writes && key === 'z')) return;
    event.preventDefault();
    act();
  }

  return (
    <div className={styles.painter} onKeyDown={press}>
      <Tools
        work={work}
        tool={tool}
        onTool={setTool}
        size={size}
        sizeMax={sizeMax}
        onSize={setSize}
      />
      <Surface image={card} canvas={canvas} work={work} tool={tool} size={size} />
      <MaskRectangle width={card.width} height={card.height} onDeed={work.act} />
      <p className={styles.keys}>
        {t('Keys: b brush, e eraser, [ and ] size, i invert, Ctrl+Z undo, Ctrl+Shift+Z redo.')}
      </p>
      {done.failed && (
        <Notice tone="danger" alert>
          {done.failed}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('Cancel')}</Button>
        <Button variant="solid" busy={done.busy} onClick={() => void done.finish()}>
          {t('Use this mask')}
        </Button>
      </DialogActions>
    </div>
  );
}

/** Paints what is to be edited over the picture, pixel for pixel. */
export default function MaskPainter({ image, before, onDone, onClose }: PainterProps) {
  const found = useQuery(imageQuery(image));
  const card = found.data?.image;
  const changed = useRef(false);
  const [asked, setAsked] = useState(false);
  function leave() {
    if (changed.current && !asked) setAsked(true);
    else onClose();
  }
  return (
    <Dialog open shape="large" title={t('Paint the mask')} onClose={leave}>
      {asked && (
        <Notice tone="warning" alert title={t('Discard what you painted?')}>
          <div className={styles.row}>
            <Button size="small" variant="danger" onClick={onClose}>
              {t('Leave')}
            </Button>
            <Button size="small" onClick={() => setAsked(false)}>
              {t('Continue painting')}
            </Button>
          </div>
        </Notice>
      )}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {card && (
        <Painter
          card={card}
          before={before}
          onDone={onDone}
          onClose={leave}
          onChanged={(is) => void (changed.current = is)}
        />
      )}
    </Dialog>
  );
}
