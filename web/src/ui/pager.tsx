import { t } from '../text/words';
import { Button } from './button';
import styles from './pager.module.css';

interface PagerProps {
  page: number;
  onPrevious?: () => void;
  onNext?: () => void;
  busy?: boolean;
}

/** Lists are read by cursor, so there is a next and a previous page but no last one. */
export function Pager({ page, onPrevious, onNext, busy }: PagerProps) {
  if (!onPrevious && !onNext) return null;
  return (
    <nav className={styles.pager} aria-label={t('Pages')}>
      <Button icon="left" disabled={!onPrevious} onClick={onPrevious}>
        {t('Previous')}
      </Button>
      <span aria-current="page">{t('Page {page}', { page })}</span>
      <Button disabled={!onNext} busy={busy} onClick={onNext}>
        {t('Next')}
      </Button>
    </nav>
  );
}
