import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { tagsQuery } from '../../api/models';
import { posts } from '../../api/posts';
import type { PostCard } from '../../api/posts';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Check, SelectField, TextArea, TextField } from '../../ui/field';
import { useLate } from '../../ui/late';
import { Notice } from '../../ui/state';
import { TagsField } from '../../ui/tags';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { levelOptions } from '../../ui/viewer/level';
import { localValue } from '../upload/publish-step';
import { VersionField } from './version-field';
import styles from './create-post.module.css';

interface DetailsProps {
  post: PostCard;
  keep: (post: PostCard) => PostCard;
  /** Files are still on their way. */
  busy: boolean;
}

interface Words {
  title: string;
  detail: string;
  tags: string[];
}

const same = (one: Words, other: Words) => JSON.stringify(one) === JSON.stringify(other);

/** Saves what is typed a moment after the typing stops. */
function useAutosave(post: PostCard, keep: DetailsProps['keep']) {
  const { title, detail, tags } = post;
  const [words, setWords] = useState<Words>({ title, detail, tags });
  const saved = useRef<Words>({ title, detail, tags });
  const settled = useLate(words, 700);
  const save = useMutation({
    mutationFn: (next: Words) => posts.change(post.id, next),
    onSuccess: (fresh, next) => {
      saved.current = next;
      keep(fresh);
    },
  });
  const { mutate } = save;
  useEffect(() => {
    if (!same(settled, saved.current)) mutate(settled);
  }, [settled, mutate]);
  const flush = async () => {
    if (!same(words, saved.current)) await save.mutateAsync(words);
  };
  const clean = same(words, saved.current) && !save.isPending;
  return { words, setWords, save, flush, clean };
}

type When = 'now' | 'later';

export function DetailsPart({ post, keep, busy }: DetailsProps) {
  const navigate = useNavigate();
  const { words, setWords, save, flush, clean } = useAutosave(post, keep);
  const [query, setQuery] = useState('');
  const tags = useQuery(tagsQuery(query)).data?.items ?? [];
  const [when, setWhen] = useState<When>('now');
  const [at, setAt] = useState(() => localValue(new Date(Date.now() + 86_400_000)));
  const [level, setLevel] = useState('');
  const unsaid = post.images.some((image) => image.state === 'ready' && image.nsfwLevel === 0);
  const change = useMutation({
    mutationFn: (version: number | null) => posts.change(post.id, { version }),
    onSuccess: keep,
    onError: (error) => say(error.message, { bad: true }),
  });
  const publish = useMutation({
    mutationFn: async () => {
      await flush();
      const moment = when === 'later' ? new Date(at).toISOString() : undefined;
      const nsfwLevel = unsaid && level ? Number(level) : undefined;
      return keep(await posts.publish(post.id, { at: moment, nsfwLevel }));
    },
    onSuccess: async () => {
      say(when === 'later' ? t('Scheduled') : t('Published'));
      await navigate({ to: '/posts/$id', params: { id: String(post.id) } });
    },
  });
  const draft = useMutation({
    mutationFn: () => posts.unpublish(post.id),
    onSuccess: (fresh) => {
      keep(fresh);
      say(t('No longer published'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const open = post.status === 'Published';
  const reading = post.images.some((image) => image.state === 'pending');
  return (
    <section className={styles.side} aria-label={t('About the post')}>
      <TextField
        label={t('Title')}
        optional
        maxLength={200}
        value={words.title}
        onChange={(event) => setWords({ ...words, title: event.target.value })}
      />
      <TextArea
        label={t('Description')}
        optional
        rows={4}
        hint={t('Markdown works.')}
        value={words.detail}
        onChange={(event) => setWords({ ...words, detail: event.target.value })}
      />
      <TagsField
        label={t('Tags')}
        optional
        limit={10}
        value={words.tags}
        onChange={(next) => setWords({ ...words, tags: next })}
        onQuery={setQuery}
        suggestions={tags.map((tag) => ({ value: tag.name }))}
      />
      <VersionField post={post} onChange={(version) => change.mutate(version)} />
      <p className={styles.saved} role="status">
        {save.isError
          ? t('Not saved: {detail}', { detail: save.error.message })
          : clean
            ? t('Saved as you type')
            : t('Saving…')}
      </p>
      {!open && (
        <>
          {unsaid && (
            <SelectField
              label={t('How mature are they?')}
              hint={t('For images without a level of their own.')}
              value={level}
              onChange={(event) => setLevel(event.target.value)}
              options={[{ value: '', label: t('Choose') }, ...levelOptions()]}
            />
          )}
          <div role="radiogroup" aria-label={t('When')}>
            <Check
              type="radio"
              name="when"
              checked={when === 'now'}
              onChange={() => setWhen('now')}
              label={t('Publish now')}
            />
            <Check
              type="radio"
              name="when"
              checked={when === 'later'}
              onChange={() => setWhen('later')}
              label={t('Publish later')}
            />
          </div>
          {when === 'later' && (
            <TextField
              type="datetime-local"
              label={t('Date and time')}
              value={at}
              onChange={(event) => setAt(event.target.value)}
            />
          )}
        </>
      )}
      {post.status === 'Scheduled' && (
        <Notice>
          {t('It will be published')} <Time at={post.publishedAt} />
        </Notice>
      )}
      {publish.isError && (
        <Notice tone="danger" alert title={t('This was not published')}>
          {publish.error.message}
        </Notice>
      )}
      <div className={styles.actions}>
        {open ? (
          <Button busy={draft.isPending} onClick={() => draft.mutate()}>
            {t('Unpublish')}
          </Button>
        ) : (
          <Button
            variant="solid"
            wide
            size="large"
            busy={publish.isPending}
            disabled={busy || reading || post.images.length === 0 || (unsaid && !level)}
            onClick={() => publish.mutate()}
          >
            {when === 'later' ? t('Schedule') : t('Publish')}
          </Button>
        )}
      </div>
      {(busy || reading) && !open && (
        <p className={styles.saved}>{t('It can be published once every file is there.')}</p>
      )}
    </section>
  );
}
