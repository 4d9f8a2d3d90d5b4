import type { Logger } from 'pino';
import type { EventSink } from '../contracts/events.ts';
import { toCatalystError } from '../contracts/errors.ts';

export interface Service {
  /** Ends the service; called once, at the first signal. */
  stop(): Promise<void>;
}

/**
 * Runs a service until SIGTERM or SIGINT; a start that fails and a stop that fails end the process with status 1.
 * A promise that nobody awaited is logged and ends it too: carrying on in an unknown state would be worse than a restart.
 */
export async function runService(name: string, logger: Logger, emit: EventSink, start: () => Promise<Service>): Promise<void> {
  const fail = (thrown: unknown): void => {
    const error = toCatalystError(thrown);
    logger.fatal({ code: error.code, stack: thrown instanceof Error ? thrown.stack : undefined }, error.message);
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  try {
    const service = await start();
    let stopping: Promise<void> | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      emit({ type: 'service.stopping', service: name, reason: signal });
      stopping ??= service.stop().then(() => process.exit(0), fail);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (thrown) {
    fail(thrown);
  }
}
