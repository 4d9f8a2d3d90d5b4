import { join } from 'node:path';
import type { Choice } from '../dependencies/dependency.ts';
import { LocalStackError } from '../localStackError.ts';
import type { LocalSettings } from '../settings.ts';
import { programOnPath } from './programOnPath.ts';
import { runCommand } from './runCommand.ts';
import { cachedFolder, installOnce, type InstallWatch } from './toolCache.ts';

const buildTimeout = 30 * 60_000;

/** A program that the Go toolchain builds from its public module, at a pinned version. */
export interface GoProgram {
  readonly name: string;
  readonly version: string;
  readonly module: string;
  /** What the user can do where there is no Go toolchain. */
  readonly instead: string;
}

/** The program as built earlier. */
export function goProgram(settings: LocalSettings, program: GoProgram): Choice | undefined {
  const folder = cachedFolder(settings.cacheDirectory, entryName(program));
  if (folder === undefined) return undefined;
  return { origin: 'cache', location: join(folder, program.name), version: program.version };
}

/** Builds the program into the cache. @throws LocalStackError where Go is missing or the build fails. */
export async function installWithGo(settings: LocalSettings, program: GoProgram, watch: InstallWatch): Promise<Choice> {
  const go = programOnPath('go', settings.environment);
  if (go === undefined) {
    throw new LocalStackError(
      `${program.name} has to be built, and the Go toolchain (program "go") is not on PATH.`,
      `install Go 1.25 or newer (https://go.dev/doc/install), or ${program.instead}.`,
    );
  }
  const folder = await installOnce({ cacheDirectory: settings.cacheDirectory, name: entryName(program), watch }, async (partial) => {
    await runCommand(go, ['install', '-trimpath', '-ldflags=-s -w', `${program.module}@v${program.version}`], {
      // Without cgo no C compiler is needed; without a workspace the user's own Go projects cannot interfere.
      environment: { ...settings.environment, GOBIN: partial, CGO_ENABLED: '0', GO111MODULE: 'on', GOWORK: 'off' },
      workingDirectory: partial,
      remedy: `read Go's message above (network, disk space, Go version), or ${program.instead}.`,
      timeoutMilliseconds: buildTimeout,
      signal: watch.signal,
    });
  });
  return { origin: 'build', location: join(folder, program.name), version: program.version };
}

function entryName(program: GoProgram): string {
  return `${program.name}-${program.version}-${process.platform}-${process.arch}`;
}
