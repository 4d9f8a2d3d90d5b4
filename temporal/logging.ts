import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Sends what the Temporal SDK says through the process's own logger; its handling of signals is switched off, ours drains in order. */
export function installTemporalRuntime(logger: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const fields = { sdk: 'temporal', ...meta };
      if (level === 'ERROR') logger.error(fields, message);
      else logger.warn(fields, message);
    }),
    shutdownSignals: [],
  });
}
