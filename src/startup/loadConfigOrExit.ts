import type { Config } from '../config/config.ts';
import { loadProcessConfig } from '../config/load.ts';
import { toCatalystError } from '../contracts/errors.ts';

/** The configuration, or the end of the process with a readable list of what is missing (before there is a logger). */
export function loadConfigOrExit(): Config {
  try {
    return loadProcessConfig();
  } catch (thrown) {
    process.stderr.write(`${toCatalystError(thrown).message}\n`);
    process.exit(78);
  }
}
