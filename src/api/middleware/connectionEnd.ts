import type { RequestHandler } from 'express';

/** How long a caller may go on sending a body after the answer, so that it gets to read the answer at all. */
const lingerMs = 5_000;

/** Ends connections that have no future: those of a stopping process, and those whose caller still sends what nobody reads. */
export function createConnectionEnd(stopping: AbortSignal): RequestHandler {
  return function connectionEnd(request, response, next) {
    if (stopping.aborted) response.setHeader('Connection', 'close');
    response.once('finish', () => {
      // What a route began to read and then gave up would block the next request on the connection.
      request.resume();
      if (request.complete) return;
      const timer = setTimeout(() => {
        if (!request.complete) request.socket.destroy();
      }, lingerMs);
      timer.unref();
    });
    next();
  };
}
