import { t } from '../text/words';

export interface FieldFault {
  path: string;
  code: string;
  detail: string;
}

/** A failed request: an RFC 9457 problem document, or a network that did not answer. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldFault[];

  constructor(status: number, code: string, detail: string, fields: FieldFault[] = []) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** True when the server was not reached or could not answer: trying again may help. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

export type Query = Record<string, string | number | boolean | string[] | null | undefined>;

function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/v2${path}${text ? `?${text}` : ''}`;
}

async function problem(reply: Response): Promise<Problem> {
  try {
    const body = (await reply.json()) as {
      code?: string;
      detail?: string;
      title?: string;
      errors?: FieldFault[];
    };
    const detail = body.detail || body.title || reply.statusText;
    return new Problem(reply.status, body.code ?? 'unknown', detail, body.errors ?? []);
  } catch {
    return new Problem(
      reply.status,
      'unreadable',
      t('The server gave an answer that could not be read.'),
    );
  }
}

async function send<Reply>(
  method: string,
  path: string,
  options: { query?: Query; body?: unknown; signal?: AbortSignal } = {},
): Promise<Reply> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method === 'POST')
    headers['Idempotency-Key'] = crypto.randomUUID?.() ?? String(Math.random());
  let reply: Response;
  try {
    reply = await fetch(address(path, options.query), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Problem(0, 'unreachable', t('The server cannot be reached.'));
  }
  if (!reply.ok) throw await problem(reply);
  if (reply.status === 204) return undefined as Reply;
  const text = await reply.text();
  return (text ? JSON.parse(text) : undefined) as Reply;
}

export const http = {
  get: <Reply>(path: string, query?: Query, signal?: AbortSignal) =>
    send<Reply>('GET', path, { query, signal }),
  post: <Reply>(path: string, body?: unknown) => send<Reply>('POST', path, { body: body ?? {} }),
  patch: <Reply>(path: string, body: unknown) => send<Reply>('PATCH', path, { body }),
  delete: <Reply>(path: string) => send<Reply>('DELETE', path),
};
