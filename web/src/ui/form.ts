import { useMutation } from '@tanstack/react-query';
import { Problem } from '../api/client';

/** A problem's JSON pointer as the field it means: "/email", "/changes/name", "/tags/3". */
function fieldName(path: string): string {
  const parts = path.replace(/^\/(changes\/)?/, '').split('/');
  return parts[0] ?? '';
}

/**
 * One submission at a time. `error('email')` is what the server said about that field;
 * `rest` is what belongs to no field of `fields`.
 */
export function useForm<Reply>(
  fields: string[],
  send: () => Promise<Reply>,
  onDone: (reply: Reply) => void | Promise<void>,
) {
  const work = useMutation({ mutationFn: send, onSuccess: onDone });
  const problem = work.error instanceof Problem ? work.error : null;
  const named = new Map<string, string>();
  const other: string[] = [];
  for (const fault of problem?.fields ?? []) {
    const name = fieldName(fault.path);
    if (!fields.includes(name)) other.push(fault.detail);
    else if (!named.has(name)) named.set(name, fault.detail);
  }
  const plain = problem && problem.fields.length === 0 ? problem.message : undefined;
  return {
    submit: () => {
      if (!work.isPending) work.mutate();
    },
    busy: work.isPending,
    error: (name: string) => named.get(name),
    rest: plain ?? (other.length ? other.join(' ') : undefined),
    problem,
    done: work.isSuccess,
  };
}
