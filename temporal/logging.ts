import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Sends what the Temporal SDK says through the process's own logger; its handling of signals is switched off, ours drains in order. */
export function installTemporalRuntime(logger: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const fields = { sdk: 'temporal', ...meta, ...readable((meta as { readonly error?: unknown } | undefined)?.error) };
      if (level === 'ERROR') logger.error(fields, message);
      else logger.warn(fields, message);
    }),
    shutdownSignals: [],
  });
}

/** An Error says nothing as JSON; a workflow that failed carries its code as the type. */
function readable(error: unknown): { readonly error?: { readonly type: string; readonly message: string } } {
  if (!(error instanceof Error)) return {};
  const { type } = error as { readonly type?: unknown };
  return { error: { type: typeof type === 'string' ? type : error.name, message: error.message } };
}
