import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../usageError.ts';
import { isSupported } from './fileTypes.ts';

/** Something to ingest. A file's `id` is its path below the folder that was named, so that a second run updates the same document. */
export type IngestSource = { readonly type: 'file'; readonly path: string; readonly id: string; readonly bytes: number } | { readonly type: 'url'; readonly url: string; readonly id: string };

export interface SourceProblem {
  readonly path: string;
  readonly reason: string;
}

export interface SourceList {
  readonly sources: IngestSource[];
  /** Left out on purpose, each with a reason that many may share. */
  readonly skipped: SourceProblem[];
  /** Meant, but cannot be read. */
  readonly unreadable: SourceProblem[];
}

/**
 * What the named paths and addresses hold: folders are walked, without hidden entries, `node_modules` and types that
 * ingestion does not read; a file that is named itself is taken whatever its type.
 * @throws UsageError where a named path does not exist, or two files would be the same document.
 */
export async function listSources(names: readonly string[], options: { readonly workingDirectory: string; readonly idPrefix: string }): Promise<SourceList> {
  const list: SourceList = { sources: [], skipped: [], unreadable: [] };
  for (const name of names) {
    if (/^https?:\/\//i.test(name)) {
      list.sources.push({ type: 'url', url: name, id: name });
      continue;
    }
    const path = resolve(options.workingDirectory, name);
    const found = await stat(path).catch((error: unknown) => {
      throw new UsageError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (found.isDirectory()) await walk(path, await realpath(path), { root: path, idPrefix: options.idPrefix }, list);
    else list.sources.push({ type: 'file', path, id: options.idPrefix + basename(path), bytes: found.size });
  }
  refuseSharedIds(list.sources);
  return list;
}

interface Walk {
  /** As it was named. */
  readonly root: string;
  readonly idPrefix: string;
}

/** `bounds`: where the folder really lies; what leads out of it is not taken. */
async function walk(folder: string, bounds: string, options: Walk, list: SourceList): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    list.unreadable.push({ path: folder, reason: error instanceof Error ? error.message : String(error) });
    return;
  }
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const skipped = skipReason(entry);
    if (skipped !== undefined) list.skipped.push({ path, reason: skipped });
    else if (entry.isDirectory()) await walk(path, bounds, options, list);
    else await addFile(path, bounds, options, list);
  }
}

function skipReason(entry: Dirent): string | undefined {
  if (entry.name.startsWith('.')) return 'hidden';
  if (entry.isDirectory()) return entry.name === 'node_modules' ? 'node_modules' : undefined;
  if (!entry.isFile() && !entry.isSymbolicLink()) return 'not a file';
  return isSupported(entry.name) ? undefined : extname(entry.name).toLowerCase() || 'no extension';
}

async function addFile(path: string, bounds: string, { root, idPrefix }: Walk, list: SourceList): Promise<void> {
  try {
    if (!isWithin(await realpath(path), bounds)) {
      list.skipped.push({ path, reason: 'a link out of the folder' });
      return;
    }
    const found = await stat(path);
    // Links to folders are not followed: they may lead in circles.
    if (!found.isFile()) list.skipped.push({ path, reason: 'not a file' });
    else list.sources.push({ type: 'file', path, id: idPrefix + relative(root, path).split(sep).join('/'), bytes: found.size });
  } catch (error) {
    list.unreadable.push({ path, reason: error instanceof Error ? error.message : String(error) });
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function refuseSharedIds(sources: readonly IngestSource[]): void {
  const owners = new Map<string, IngestSource>();
  for (const source of sources) {
    const other = owners.get(source.id);
    if (other !== undefined) {
      const [one, two] = [other, source].map((same) => (same.type === 'file' ? same.path : same.url));
      throw new UsageError(`${one} and ${two} would both be the document "${source.id}". Ingest them in separate runs, each with an --id-prefix.`);
    }
    owners.set(source.id, source);
  }
}
