import createClient from 'openapi-fetch';
import { t } from '../text/words';
import type { components, paths } from './schema';

type ProblemDocument = components['schemas']['Problem'];
export type FieldFault = NonNullable<ProblemDocument['errors']>[number];

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

/** The native API, typed by its OpenAPI document (`npm run api` renews the types). */
export const api = createClient<paths>({
  baseUrl: location.origin,
  headers: { Accept: 'application/json' },
});

const idempotency = 'Idempotency-Key';

api.use({
  onRequest({ request }) {
    // A repeated send of one creation (a retry below us) makes one thing.
    if (request.method === 'POST' && !request.headers.has(idempotency))
      request.headers.set(idempotency, newKey());
    return request;
  },
});

/** randomUUID() exists only on secure origins; a LAN over plain http is not one. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Sent<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The reply's body, or a `Problem`. */
export async function answer<Data>(sent: Promise<Sent<Data>>): Promise<NonNullable<Data>> {
  let reply: Sent<Data>;
  try {
    reply = await sent;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    if (cause instanceof SyntaxError) throw unreadable(200);
    throw new Problem(0, 'unreachable', t('The server cannot be reached.'));
  }
  if (reply.response.ok) return reply.data as NonNullable<Data>;
  const document = reply.error as Partial<ProblemDocument> | string | undefined;
  const { status } = reply.response;
  if (!document || typeof document === 'string') throw unreadable(status);
  const detail = document.detail || document.title || reply.response.statusText;
  throw new Problem(status, document.code ?? 'unknown', detail, document.errors ?? []);
}

function unreadable(status: number): Problem {
  const detail = t('The server gave an answer that could not be read.');
  return new Problem(status, 'unreadable', detail);
}
