import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { modelQuery, modelsQuery } from '../../api/models';
import type { PostCard } from '../../api/posts';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Combobox } from '../../ui/combobox';
import { Field, Select } from '../../ui/field';
import { useLate } from '../../ui/late';
import styles from './create-post.module.css';

interface VersionFieldProps {
  post: PostCard | undefined;
  onChange: (version: number | null) => void;
}

/** In whose gallery the post is shown: a model, then one of its versions. */
export function VersionField({ post, onChange }: VersionFieldProps) {
  const [text, setText] = useState('');
  const query = useLate(text.trim(), 200);
  const found = useQuery({ ...modelsQuery({ query, limit: 8 }), enabled: query.length > 1 });
  const model = useQuery({ ...modelQuery(post?.model ?? 0), enabled: Boolean(post?.model) }).data;

  if (post?.version !== undefined) {
    const versions = model?.versions ?? [];
    return (
      <Field label={t('In the gallery of')} optional>
        {(wires) => (
          <div className={styles.version}>
            <strong>{post.modelName}</strong>
            <Select
              {...wires}
              compact
              value={String(post.version)}
              onChange={(event) => onChange(Number(event.target.value))}
              options={
                versions.length
                  ? versions.map((one) => ({ value: String(one.id), label: one.name }))
                  : [{ value: String(post.version), label: post.versionName ?? '' }]
              }
            />
            <Button size="small" variant="ghost" icon="cross" onClick={() => onChange(null)}>
              {t('None')}
            </Button>
          </div>
        )}
      </Field>
    );
  }
  return (
    <Field
      label={t('In the gallery of')}
      optional
      hint={t('The model these were made with. They appear on its page.')}
    >
      {(wires) => (
        <Combobox
          {...wires}
          value={text}
          onChange={setText}
          placeholder={t('Search models')}
          onPick={(value) => {
            const chosen = found.data?.items.find((one) => String(one.id) === value);
            setText('');
            if (chosen?.versions[0]) onChange(chosen.versions[0].id);
          }}
          suggestions={(query === text.trim() ? (found.data?.items ?? []) : []).map((one) => ({
            value: String(one.id),
            label: one.name,
            aside: typeWords(one.type),
          }))}
        />
      )}
    </Field>
  );
}
