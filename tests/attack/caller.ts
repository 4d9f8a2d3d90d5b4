/** One HTTP exchange as it went over the wire, and how two of them are compared. */

export interface AttackRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Raw JSON, so that what no client would send can be sent too. */
  readonly body?: string | FormData;
}

export interface AttackAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Call = (request: AttackRequest) => Promise<AttackAnswer>;

export function createCaller(url: string, token: string | undefined): Call {
  return async ({ method, path, headers = {}, body }) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), text: await textOf(response) };
  };
}

/** What a stream of events that goes on has told by then. */
const streamMs = 3_000;

async function textOf(response: Response): Promise<string> {
  if (response.body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => void reader.cancel(), streamMs);
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  clearTimeout(timer);
  return text;
}

export async function callJson<Answer>(call: Call, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await call({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as Answer;
}

/** Differ from request to request whatever was asked. */
const ofTheRequest = /^(date|x-request-id|content-length|connection|keep-alive|ratelimit.*|x-ratelimit.*)$/;
const counters = /"(tookMs|requestId|timings|revision|index)":(?:\{[^}]*\}|"[^"]*"|[\d.e-]+)/g;
const moments = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/** What is shorter stands in an answer by chance. */
const tellingLength = 8;
const madeNow = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** An answer without what names the very request: the id that was asked for, identifiers made meanwhile, times, and counters that each request moves. */
export function comparable({ status, headers, text }: AttackAnswer, asked: readonly string[]): string {
  const kept = Object.entries(headers).filter(([name]) => !ofTheRequest.test(name)).sort(([left], [right]) => (left < right ? -1 : 1));
  const forms = asked.flatMap((id) => [id, encodeURIComponent(id), encodeURI(id), JSON.stringify(id).slice(1, -1), id.toLowerCase()]).filter((form) => form.length >= tellingLength).sort((left, right) => right.length - left.length);
  const whole = `${status}\n${kept.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${text}`;
  return forms.reduce((said, form) => said.replaceAll(form, '«id»'), whole).replaceAll(counters, '"$1":0').replaceAll(moments, '«moment»').replaceAll(madeNow, '«made»');
}
