import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { parseExact } from '../../api/exact-json';
import { templates } from '../../api/generation';
import type { ImportedWorkflow } from '../../api/generation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { DropZone } from '../../ui/drop-zone';
import { TextArea } from '../../ui/field';
import { Notice } from '../../ui/state';
import { readWorkflowFile } from './read-file';
import type { Refusal, WorkflowTexts } from './read-file';
import styles from './templates.module.css';

function refusalWords(refusal: Refusal): string {
  return refusal === 'too_large'
    ? t('This file is too large to be a workflow.')
    : t(
        'This picture carries no workflow. Use a PNG as ComfyUI saved it: many sites and programs strip it.',
      );
}

/** The editor's document as a value, to be put into results; undefined where there is none. */
function documentOf(given: WorkflowTexts, reply: ImportedWorkflow): unknown {
  const text = given.document ?? (reply.format === 'save' ? given.workflow : undefined);
  if (text === undefined) return undefined;
  try {
    return parseExact(text);
  } catch {
    return undefined; // Python writes NaN, which is no JSON; results go without it then
  }
}

export interface Brought {
  reply: ImportedWorkflow;
  document: unknown;
}

/** Brings a workflow of ComfyUI in: by file, by dropping it, or as pasted text. */
export function Source({ onBrought }: { onBrought: (brought: Brought) => void }) {
  const [text, setText] = useState('');
  const bring = useMutation({
    mutationFn: async (from: Promise<WorkflowTexts | Refusal>) => {
      const given = await from;
      if (typeof given === 'string') throw new Error(refusalWords(given));
      const reply = await templates.import({ workflow: given.workflow });
      return { reply, document: documentOf(given, reply) };
    },
    onSuccess: onBrought,
  });
  return (
    <div className={styles.source}>
      {bring.isError && (
        <Notice tone="danger" title={t('It could not be read')} alert>
          {bring.error.message}
        </Notice>
      )}
      <DropZone
        label={t('Choose a workflow file')}
        title={bring.isPending ? t('Reading it…') : t('Drop a workflow of ComfyUI here')}
        hint={t('a JSON file, saved or exported for the API, or a PNG that ComfyUI made')}
        accept=".json,.png,application/json,image/png"
        onFiles={([file]) => {
          if (file && !bring.isPending) bring.mutate(readWorkflowFile(file));
        }}
      />
      <form
        className={styles.source}
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() && !bring.isPending) {
            bring.mutate(Promise.resolve({ workflow: text.trim() }));
          }
        }}
      >
        <TextArea
          label={t('Or paste its text')}
          rows={4}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div>
          <Button type="submit" disabled={!text.trim()} busy={bring.isPending}>
            {t('Read it')}
          </Button>
        </div>
      </form>
    </div>
  );
}
