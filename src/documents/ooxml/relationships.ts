import { posix } from 'node:path';
import type { ZipArchive } from '../zip/openZip.ts';
import { childrenOf, parseXml } from './xmlTree.ts';

/** Where a part of an Office file leads to. */
export interface Relationship {
  readonly id: string;
  /** Last word of the type, such as `slide` or `notesSlide`. */
  readonly type: string;
  /** Name of the part within the file. */
  readonly target: string;
}

/** Relationships of a part ('' for the file itself), those to the outside left out; none when the part has none. */
export function relationshipsOf(archive: ZipArchive, part: string): Relationship[] {
  const folder = posix.dirname(part);
  const bytes = archive.read(posix.join(folder, '_rels', `${posix.basename(part)}.rels`));
  if (bytes === undefined) return [];
  return childrenOf(parseXml(bytes), 'Relationship').flatMap(({ attributes }) => {
    const { Id: id = '', Type: type = '', Target: target = '' } = attributes;
    if (attributes['TargetMode'] === 'External') return [];
    const resolved = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
    return [{ id, type: type.slice(type.lastIndexOf('/') + 1), target: resolved }];
  });
}

/** The part that the file is about: presentation, workbook. */
export function mainPart(archive: ZipArchive, usual: string): string {
  const named = relationshipsOf(archive, '').find(({ type }) => type === 'officeDocument')?.target;
  return named !== undefined && archive.has(named) ? named : usual;
}
