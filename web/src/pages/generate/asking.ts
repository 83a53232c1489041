import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { newKey, Problem } from '../../api/client';
import type { FieldFault } from '../../api/client';
import { estimateQuery, generations } from '../../api/generation';
import type { Estimate, Generation, GenerationRequest } from '../../api/generation';
import { t } from '../../text/words';
import { useLate } from '../../ui/late';
import { missingIn, requestOf } from './draft';
import type { Draft } from './draft';

/** Between the last change and the question what it would cost, ms. */
const pause = 400;

export interface Asking {
  /** Undefined until the request is complete and the server has answered. */
  estimate: Estimate | undefined;
  /** The estimate is of the request as it stands. */
  current: boolean;
  /** What belongs to no field of the panel. */
  rest: string | undefined;
  fault: (path: string) => string | undefined;
  submit: () => void;
  busy: boolean;
}

function missingWords(name: string): string {
  switch (name) {
    case 'mask':
      return t('Paint over what should change.');
    case 'templateId':
      return t('Choose a template.');
    default:
      return t('Choose a picture.');
  }
}

const problemOf = (error: unknown) => (error instanceof Problem ? error : undefined);

/**
 * What the server says of the draft: beforehand what it would cost and what is wrong, and on
 * submission what became of it. What was said of an earlier draft is not shown beside a later one.
 */
export function useAsking(draft: Draft, onMade: (made: Generation) => void): Asking {
  const text = useMemo(() => JSON.stringify(requestOf(draft)), [draft]);
  const late = useLate(text, pause);
  const missing = missingIn(draft);
  const asked = useMemo(() => JSON.parse(late) as GenerationRequest, [late]);
  const found = useQuery({
    ...estimateQuery(asked),
    enabled: missing.length === 0,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  // One key for one wish: after a broken connection the same wish is sent under the same key.
  const wish = useRef({ text: '', key: '' });
  const [tried, setTried] = useState('');
  const work = useMutation({
    mutationFn: (sent: string) => {
      if (wish.current.text !== sent) wish.current = { text: sent, key: newKey() };
      return generations.create(JSON.parse(sent) as GenerationRequest, wish.current.key);
    },
    onError: (error) => {
      if (!problemOf(error)?.passing) wish.current.text = '';
    },
    onSuccess: (made) => {
      wish.current.text = '';
      onMade(made);
    },
  });

  const refused = work.variables === text ? problemOf(work.error) : undefined;
  const before = late === text && missing.length === 0 ? problemOf(found.error) : undefined;
  const faults: FieldFault[] = [
    ...(tried === text ? missing : []).map((name) => ({
      path: `/${name}`,
      code: 'required',
      detail: missingWords(name),
    })),
    ...(refused?.fields.length
      ? refused.fields
      : // What is not there yet is no fault until somebody asks for the picture.
        (before?.fields ?? []).filter((one) => one.code !== 'required' || tried === text)),
  ];
  const plain = refused ?? (before?.passing ? undefined : before);
  return {
    estimate: missing.length === 0 && !found.isError ? found.data : undefined,
    current: late === text && !found.isPlaceholderData,
    rest:
      plain && plain.fields.length === 0
        ? plain.message
        : faults.find((one) => /^\/?$|^\/(remixOf|workflow)$/.test(one.path))?.detail,
    fault: (path) =>
      faults.find((one) => one.path === path || one.path.startsWith(`${path}/`))?.detail,
    submit: () => {
      setTried(text);
      if (!work.isPending && missing.length === 0) work.mutate(text);
    },
    busy: work.isPending,
  };
}
