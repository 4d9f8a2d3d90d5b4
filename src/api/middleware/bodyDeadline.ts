import type { Request } from 'express';

/** A caller who sends slower than this holds a connection for nothing. */
const bodyDeadlineMs = 120_000;

/** Reads a body, and breaks off the request where that takes too long. */
export function withBodyDeadline(request: Request, read: (done: (error?: unknown) => void) => void, done: (error?: unknown) => void): void {
  const timer = setTimeout(() => request.destroy(), bodyDeadlineMs);
  read((error) => {
    clearTimeout(timer);
    done(error);
  });
}
