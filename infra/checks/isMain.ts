import { pathToFileURL } from 'node:url';

/** Whether the module is the program that was started, and not one that a test imports. */
export function isMain(moduleUrl: string): boolean {
  return process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === moduleUrl;
}
