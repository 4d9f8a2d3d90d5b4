import type { Block } from '../../contracts/parsed.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { normaliseCharacters } from '../text/normalise.ts';
import { splitDeclarations } from './declarations.ts';

/** Source code: blocks of code that begin and end with declarations; the file name, which says most about it, is its title. */
export function parseCode(source: string, fileName: string | undefined): { title?: string; text: string; blocks: Block[] } {
  const builder = new DocumentBuilder();
  for (const piece of splitDeclarations(normaliseCharacters(source))) builder.add('code', piece);
  const title = fileName?.split(/[\\/]/).at(-1);
  return { ...(title === undefined || title === '' ? {} : { title }), ...builder.finish() };
}
