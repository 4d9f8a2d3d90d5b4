import { CatalystError } from '../../contracts/errors.ts';
import type { Block } from '../../contracts/parsed.ts';
import type { RiskKind } from '../../contracts/risk.ts';
import { parseHtmlContent } from '../html/parseHtml.ts';
import { convertToHtml } from './convert.ts';
import { readProperties } from './properties.ts';
import { openPackage } from './openPackage.ts';

/** A Word document: headings, lists, tables, footnotes; its pictures and page furniture are left out. */
export async function parseDocx(bytes: Uint8Array): Promise<{ title?: string; language?: string; text: string; blocks: Block[]; concealed?: RiskKind[] }> {
  const parts = openPackage(bytes);
  const properties = readProperties(parts);
  const { text, blocks, concealed } = parseHtmlContent(await convertToHtml(parts));
  const [first] = blocks;
  const printedTitle = first?.kind === 'heading' && first.level === 1 ? { title: text.slice(first.start, first.end) } : {};
  if (text === '') throw new CatalystError('EMPTY_DOCUMENT', 'The Word document holds no text.');
  return { ...printedTitle, ...properties, text, blocks, ...(concealed === undefined ? {} : { concealed }) };
}
