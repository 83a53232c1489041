import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { fixedFeed, useGeneration } from '../../api/images';
import { shortcutsOn } from '../../frame/shortcuts';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { useFeed } from '../../ui/justified-grid/feed';
import { JustifiedGrid } from '../../ui/justified-grid/justified-grid';
import { Failure } from '../../ui/state';
import type { HistoryItem } from './history';
import { filterOf } from './search';
import type { HistorySearch } from './search';
import { Tile } from './tile';
import type { Actions, Made } from './use-actions';
import type { Watch } from './watch';
import styles from './history.module.css';

const list = 'generations';
/** So long after `g` another key names a place of the whole site. */
const going = 1_500;

interface GridProps {
  watch: Watch;
  actions: Actions;
  search: HistorySearch;
  onDetails: (id: number) => void;
  empty: ReactNode;
}

/** What has ended, newest first, with what can be done with it by mouse and keyboard. */
export function HistoryGrid({ watch, actions, search, onDetails, empty }: GridProps) {
  const feed = useFeed(watch.list(filterOf(search)));
  const [chosen, setChosen] = useState<ReadonlyMap<number, HistoryItem>>(new Map());

  const madeOf = ({ generation, picture }: HistoryItem): Made | undefined => {
    const card = watch.get(generation)?.shown;
    return card && picture && { card, picture };
  };
  const all = () =>
    feed.blocks.flatMap((block) => block.items ?? []).flatMap((item) => madeOf(item) ?? []);

  function choose(item: HistoryItem) {
    const next = new Map(chosen);
    if (!next.delete(item.id)) next.set(item.id, item);
    setChosen(next);
  }

  // Deleting in the viewer can be taken back there, too.
  const lists = useGeneration();
  const dropped = useRef(new Set<number>());
  useEffect(() => {
    for (const id of dropped.current) watch.want(id);
    dropped.current.clear();
  }, [lists, watch]);

  /** The viewer goes through the pictures that are loaded; what is deleted there goes here too. */
  function open(id: number) {
    const before = all();
    const images = before.map(({ picture }) => picture.image);
    const shown = fixedFeed(list, images);
    void shown.more();
    shown.anchor = id;
    shown.onReturn = (last) => {
      for (const { card, picture } of before) {
        const { id: image } = picture.image;
        if (shown.find(image)) continue;
        dropped.current.add(card.id);
        watch.dropPicture(card.id, image);
      }
      if (feed.find(last)) feed.onReturn?.(last);
    };
  }

  const went = useRef(-going);
  function press(event: KeyboardEvent<HTMLElement>) {
    const target = event.target as HTMLElement;
    const tile = target.closest<HTMLElement>('[data-id]');
    const item = tile && feed.get(Number(tile.dataset.id));
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = watch.get(item.generation)?.shown;
    const made = madeOf(item);
    if (!card) return;
    if (event.key === 'Escape' && chosen.size) setChosen(new Map());
    if (!shortcutsOn() || event.timeStamp - went.current < going) return;
    switch (event.key) {
      case 'g':
        went.current = event.timeStamp;
        return;
      case 'f':
        void actions.favourite(card);
        break;
      case 's':
        if (made) choose(item);
        break;
      case 'i':
        onDetails(card.id);
        break;
      case 'x':
      case 'Delete': {
        const next = feed.beside(item.id, 1) ?? feed.beside(item.id, -1);
        if (made) void actions.removePictures([made]);
        else actions.forget(card);
        if (next !== undefined) feed.onReturn?.(next);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
  }

  // What left the list is not chosen any more.
  const kept = [...chosen.values()].filter((item) => feed.find(item.id));
  const made = kept.flatMap((item) => madeOf(item) ?? []);
  useEffect(() => setChosen(new Map()), [feed]);

  if (!feed.ready && feed.after === 'failed') {
    return <Failure error={feed.error} retry={() => void feed.more()} />;
  }
  if (feed.ready && feed.count === 0) return empty;
  return (
    <div onKeyDown={press} className={styles.grid}>
      <JustifiedGrid
        feed={feed}
        label={t('History of generations')}
        tile={(item, place, tabIndex) => (
          <Tile
            {...{ watch, item, tabIndex, actions, list, onDetails }}
            width={place.width}
            chosen={chosen.has(item.id)}
            choosing={kept.length > 0}
            onChoose={choose}
            onOpen={open}
          />
        )}
        end={t('That is all')}
      />
      {made.length > 0 && (
        <ChosenBar made={made} actions={actions} onClear={() => setChosen(new Map())} />
      )}
    </div>
  );
}

interface BarProps {
  made: Made[];
  actions: Actions;
  onClear: () => void;
}

function ChosenBar({ made, actions, onClear }: BarProps) {
  const [busy, setBusy] = useState(false);
  async function post() {
    setBusy(true);
    await actions.post(made);
    setBusy(false);
  }
  function remove() {
    onClear();
    void actions.removePictures(made);
  }
  return (
    <div className={styles.bar} role="group" aria-label={t('What is chosen')}>
      <strong role="status">
        {t('{count, plural, one {# picture} other {# pictures}}', { count: made.length })}
      </strong>
      <Button variant="solid" size="small" icon="upload" busy={busy} onClick={() => void post()}>
        {t('Post to gallery')}
      </Button>
      <Button size="small" icon="download" onClick={() => actions.download(made)}>
        {t('Download')}
      </Button>
      <Button size="small" icon="trash" onClick={remove}>
        {t('Delete')}
      </Button>
      <Button size="small" variant="ghost" icon="cross" onClick={onClear}>
        {t('Clear')}
      </Button>
    </div>
  );
}
