import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { t } from '../../text/words';
import { Button } from '../button';
import { controlClass } from '../field';
import { Notice } from '../state';
import styles from './discussion.module.css';

interface FormProps {
  label: string;
  start?: string;
  send?: string;
  autoFocus?: boolean;
  onSend: (text: string) => Promise<unknown>;
  onCancel?: () => void;
}

/** Where words are written; Control+Enter sends them. What was typed stays if sending fails. */
export function CommentForm({ label, start = '', send, autoFocus, onSend, onCancel }: FormProps) {
  const id = useId();
  const [text, setText] = useState(start);
  const work = useMutation({
    mutationFn: () => onSend(text.trim()),
    onSuccess: () => setText(''),
  });
  const ready = text.trim() !== '' && !work.isPending;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) work.mutate();
      }}
    >
      <label htmlFor={id} className="unseen">
        {label}
      </label>
      <textarea
        id={id}
        className={controlClass}
        placeholder={label}
        rows={2}
        maxLength={50_000}
        autoFocus={autoFocus}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready) work.mutate();
        }}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      {(text !== '' || onCancel) && (
        <div className={styles.buttons}>
          <small>{t('Markdown works; @name mentions someone')}</small>
          {onCancel && (
            <Button size="small" variant="ghost" onClick={onCancel}>
              {t('Cancel')}
            </Button>
          )}
          <Button
            type="submit"
            size="small"
            variant="solid"
            busy={work.isPending}
            disabled={!text.trim()}
          >
            {send ?? t('Comment')}
          </Button>
        </div>
      )}
    </form>
  );
}
