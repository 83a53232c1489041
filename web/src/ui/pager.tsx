import { useState } from 'react';
import { t } from '../text/words';
import { Button } from './button';
import { controlClass } from './field';
import styles from './pager.module.css';

interface PagerProps {
  page: number;
  onPrevious?: () => void;
  onNext?: () => void;
  busy?: boolean;
  /** Goes to a page by its number, where the list can do that. */
  onJump?: (page: number) => void;
}

/** The number of the page is a field: another number and Enter lead there. */
function Jump({ page, onJump }: { page: number; onJump: (page: number) => void }) {
  const [text, setText] = useState(String(page));
  const wanted = Number(text);
  const good = Number.isInteger(wanted) && wanted >= 1 && wanted <= pagesMost;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (good && wanted !== page) onJump(wanted);
        else setText(String(page));
      }}
    >
      <label>
        {t('Page')}
        <input
          className={controlClass}
          inputMode="numeric"
          value={text}
          size={Math.max(3, text.length)}
          aria-invalid={!good || undefined}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </form>
  );
}

/** As far as the server counts pages. */
const pagesMost = 1_000_000;

/** Lists are read by cursor, so there is a next and a previous page but no last one. */
export function Pager({ page, onPrevious, onNext, busy, onJump }: PagerProps) {
  if (!onPrevious && !onNext) return null;
  return (
    <nav className={styles.pager} aria-label={t('Pages')}>
      <Button icon="left" disabled={!onPrevious} onClick={onPrevious}>
        {t('Previous')}
      </Button>
      {onJump ? (
        <Jump key={page} page={page} onJump={onJump} />
      ) : (
        <span aria-current="page">{t('Page {page}', { page })}</span>
      )}
      <Button disabled={!onNext} busy={busy} onClick={onNext}>
        {t('Next')}
      </Button>
    </nav>
  );
}
