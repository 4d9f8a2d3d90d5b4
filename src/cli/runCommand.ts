import type { CatalystClient } from '../sdk/client.ts';
import type { CliContext } from './cliContext.ts';
import type { ExitCode } from './exitCodes.ts';

/** Runs a command with a client of the named API; its result becomes the exit code. */
export type RunCommand = (command: (client: CatalystClient, context: CliContext, url: string) => Promise<ExitCode>) => Promise<void>;
