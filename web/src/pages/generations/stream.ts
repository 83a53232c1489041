import { newsOf } from './news';
import type { News } from './news';

const address = '/api/v2/generations/events';
const kinds = ['status', 'progress', 'reset'];
/** Milliseconds before each try to open it again. */
const waits = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

interface Listener {
  /** It is open; without `resumed` what came before is not known. */
  onOpen: (resumed: boolean) => void;
  onNews: (news: News) => void;
  /** It broke off, or did not open, for so many times now. It is tried again by itself. */
  onBreak: (failures: number) => void;
}

/**
 * The server's events about the viewer's generations, resumed behind the last one after a break.
 * EventSource's own resumption would begin at the first address again.
 */
export class Stream {
  /** The last event that was heard or is in what was read; 0 = none. */
  after = 0;
  failures = 0;
  isOpen = false;
  private readonly listener: Listener;
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.listener = listener;
  }

  open() {
    this.close();
    const from = this.after;
    const source = new EventSource(from ? `${address}?after=${from}` : address);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.isOpen = true;
      this.listener.onOpen(from > 0);
    };
    source.onerror = () => {
      if (this.source === source) this.broken();
    };
    for (const kind of kinds) {
      source.addEventListener(kind, ({ data, lastEventId }: MessageEvent<string>) => {
        const news = this.source === source ? newsOf(kind, lastEventId, data) : undefined;
        if (!news) return;
        this.after = news.id;
        this.listener.onNews(news);
      });
    }
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.isOpen = false;
  }

  private broken() {
    this.close();
    const wait = waits[Math.min(this.failures, waits.length - 1)]!;
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), wait * (0.8 + Math.random() * 0.4));
    this.listener.onBreak(this.failures);
  }
}
