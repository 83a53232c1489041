import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { closeGenerator, generatorTook, useGenerator } from '../../frame/generator';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Recent } from '../generations/recent';
import { useWatch } from '../generations/use-watch';
import { useDraft } from './draft';
import { Panel } from './panel';
import { Sides } from './sides';
import styles from './beside.module.css';

type Side = 'panel' | 'queue';

/** The generator beside any page. It stays while one goes on to others, until it is closed. */
export default function Beside({ user }: { user: number }) {
  const { asked } = useGenerator();
  const [draft, change] = useDraft(user);
  const [side, show] = useState<Side>('panel');
  const [made, setMade] = useState<number[]>([]);
  const watch = useWatch();
  const frame = useRef<HTMLElement>(null);

  useEffect(() => {
    frame.current?.focus();
    document.documentElement.dataset.beside = '';
    return () => void delete document.documentElement.dataset.beside;
  }, []);
  useEffect(() => {
    if (!Object.keys(asked).length) return;
    show('panel');
    frame.current?.focus();
  }, [asked]);

  function press(event: KeyboardEvent) {
    const within = (event.target as HTMLElement).closest('dialog');
    if (event.key === 'Escape' && !within && !event.defaultPrevented) closeGenerator();
  }

  const waiting = watch.open.length;
  const queue = (
    <>
      {t('Queue')} {waiting > 0 && <span className={styles.waiting}>{number(waiting)}</span>}
    </>
  );
  return (
    <aside
      ref={frame}
      id="generator"
      className={styles.beside}
      aria-label={t('Generator')}
      tabIndex={-1}
      data-side={side}
      onKeyDown={press}
    >
      <div className={styles.head}>
        <Sides sides={{ panel: t('Panel'), queue }} shown={side} onShow={show} />
        <ButtonLink
          to="/generate"
          search={{}}
          size="small"
          variant="ghost"
          icon="expand"
          aria-label={t('Show the generator as a page')}
        />
        <Button
          size="small"
          variant="ghost"
          icon="cross"
          aria-label={t('Close the generator')}
          onClick={closeGenerator}
        />
      </div>
      <div className={styles.panel}>
        <Panel
          beside
          draft={draft}
          change={change}
          asked={asked}
          onTaken={generatorTook}
          onMade={(generation) => {
            watch.put(generation);
            setMade((before) => [generation.id, ...before]);
            show('queue');
          }}
        />
      </div>
      <div className={styles.queue}>
        <Recent watch={watch} made={made} />
      </div>
    </aside>
  );
}
