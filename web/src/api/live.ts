import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** News of a job as the server pushes it. */
interface JobNews {
  id: number;
  kind: string;
}

type Heard = (news: JobNews | undefined) => void;

const calm = 400;
const heardBy = new Map<string, Set<Heard>>();
let source: EventSource | undefined;
let watched = '';
let planned = false;

function tell(topic: string, news?: JobNews) {
  for (const heard of heardBy.get(topic) ?? []) heard(news);
}

function onJob(event: MessageEvent<string>) {
  const news = JSON.parse(event.data) as JobNews;
  tell('jobs', news);
  tell(`jobs:${news.id}`, news);
}

/** One stream for all topics of this tab, opened anew when they change. */
function plan() {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    const wanted = [...heardBy.keys()].sort().join(',');
    if (wanted === watched && source?.readyState !== EventSource.CLOSED) return;
    source?.close();
    source = undefined;
    watched = wanted;
    if (!wanted) return;
    source = new EventSource(`/api/v2/live?topics=${encodeURIComponent(wanted)}`);
    source.addEventListener('job', onJob);
    // What was missed is not known: everybody reads again.
    source.addEventListener('reset', () => [...heardBy.keys()].forEach((topic) => tell(topic)));
  });
}

function watch(topic: string, heard: Heard) {
  const all = heardBy.get(topic) ?? new Set();
  heardBy.set(topic, all.add(heard));
  plan();
  return () => {
    all.delete(heard);
    if (all.size === 0) heardBy.delete(topic);
    plan();
  };
}

/**
 * Reads queries under `key` again when `topic` has news, a few times a second at most. News are
 * hints of this server's own process, so such queries also read again by themselves now and then.
 */
export function useNews(topic: string | undefined, key: readonly unknown[], kind = '') {
  const queries = useQueryClient();
  const words = JSON.stringify(key);
  useEffect(() => {
    if (!topic) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = watch(topic, (news) => {
      if (timer || (news && !news.kind.startsWith(kind))) return;
      timer = setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: JSON.parse(words) as unknown[] });
      }, calm);
    });
    return () => {
      forget();
      clearTimeout(timer);
    };
  }, [topic, words, kind, queries]);
}
