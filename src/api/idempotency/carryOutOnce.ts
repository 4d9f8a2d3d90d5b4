import type { Request, Response } from 'express';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { replayedHeader } from '../../contracts/idempotency.ts';
import type { IdempotencyRegistry, KeptAnswer, KeyedRequest } from '../../ports/idempotencyRegistry.ts';
import type { CarryOutOnce, OnceOptions } from '../callerRuleTypes.ts';
import { principalOfRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { captureAnswer } from './captureAnswer.ts';
import { keyedRequestOf } from './keyedRequest.ts';

const renewalMs = 10_000;
const retryAfterMs = 1_000;

/** Throws IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, IDEMPOTENCY_ANSWER_NOT_KEPT, INVALID_REQUEST for a malformed key, the registry's outage, and what `handle` throws. */
export function createCarryOutOnce({ idempotency, emit }: { readonly idempotency: IdempotencyRegistry; readonly emit: EventSink }): CarryOutOnce {
  return async function carryOutOnce(request, response, options, handle) {
    const { tenant, subject } = principalOfRequest(request);
    const keyed = keyedRequestOf(request, subject);
    if (keyed === undefined) return handle();
    const claim = await idempotency.claim(tenant, keyed);
    if (claim.state === 'answered') return answerAgain(request, response, claim.answer, options);
    if (claim.state === 'differs') throw reused();
    if (claim.state === 'inWork') throw new CatalystError('IDEMPOTENCY_IN_PROGRESS', 'The first request of this key is not answered yet.', { retryAfterMs });
    contextOf(request).identifier = claim.seed;
    const renewal = setInterval(() => void idempotency.renew(tenant, keyed).catch(() => undefined), renewalMs);
    try {
      await answerOnce(response, handle, (answer) => keep(tenant, keyed, options.givesSecret === true ? { ...answer, body: null } : answer));
    } catch (thrown) {
      await release(tenant, keyed, toCatalystError(thrown));
      throw thrown;
    } finally {
      clearInterval(renewal);
    }
  };

  /** What was done stands whether or not its answer can be kept: the caller is told. */
  async function keep(tenant: string, keyed: KeyedRequest, answer: KeptAnswer): Promise<void> {
    await idempotency.keep(tenant, keyed, answer).catch((thrown: unknown) => tell('An answer could not be kept', thrown));
  }

  /** A refusal says that nothing was done. After any other failure something may have been: whoever sends the same again goes on under the same seed. */
  async function release(tenant: string, keyed: KeyedRequest, failure: CatalystError): Promise<void> {
    await idempotency.release(tenant, keyed, { forget: failure.class.status < 500 }).catch((thrown: unknown) => tell('A claim could not be given up', thrown));
  }

  function tell(what: string, thrown: unknown): void {
    const { code, message } = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: 'postgres', code, detail: `${what}: ${message}` });
  }
}

/** The answer goes out once it is kept, so that no caller who has it can be told otherwise. */
async function answerOnce(response: Response, handle: () => Promise<void> | void, keep: (answer: KeptAnswer) => Promise<void>): Promise<void> {
  const { answer, send } = await captureAnswer(response, handle);
  await keep(answer);
  send();
}

async function answerAgain(request: Request, response: Response, { status, contentType, location, body }: KeptAnswer, { isSame }: OnceOptions): Promise<void> {
  if (body === null) throw new CatalystError('IDEMPOTENCY_ANSWER_NOT_KEPT', `The first request of this key was carried out${location === null ? '' : `; see ${location}`}. Its answer held a secret, which is shown once.`);
  if (isSame !== undefined && !(await isSame(request, body))) throw reused();
  response.status(status).setHeader(replayedHeader, 'true');
  if (contentType !== null) response.setHeader('Content-Type', contentType);
  if (location !== null) response.setHeader('Location', location);
  response.send(body);
}

function reused(): CatalystError {
  return new CatalystError('IDEMPOTENCY_KEY_REUSED', 'Another request was sent under this key before.');
}
