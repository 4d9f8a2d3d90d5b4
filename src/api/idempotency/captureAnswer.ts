import type { Response } from 'express';
import type { KeptAnswer } from '../../ports/idempotencyRegistry.ts';

export interface CapturedAnswer {
  readonly answer: KeptAnswer;
  /** Lets the answer go out. */
  readonly send: () => void;
}

/** Runs `handle` and holds its answer back. It answers by `response.json` or `response.send` of a text. */
export async function captureAnswer(response: Response, handle: () => Promise<void> | void): Promise<CapturedAnswer> {
  const send = response.send.bind(response);
  let body: string | undefined;
  response.send = (sent: unknown) => {
    if (typeof sent !== 'string') throw new TypeError('Only answers in text can be kept.');
    body = sent;
    return response;
  };
  try {
    await handle();
  } finally {
    response.send = send;
  }
  if (body === undefined) throw new TypeError('The route gave no answer that can be kept.');
  const text = body;
  return { answer: { status: response.statusCode, contentType: headerOf(response, 'Content-Type'), location: headerOf(response, 'Location'), body: text }, send: () => void send(text) };
}

function headerOf(response: Response, name: string): string | null {
  const value = response.getHeader(name);
  return typeof value === 'string' ? value : null;
}
