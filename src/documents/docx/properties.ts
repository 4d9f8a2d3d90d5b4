import { parseFragment } from 'parse5';
import type { PackageParts } from './openPackage.ts';

function element(parts: PackageParts, part: string, name: string): string | undefined {
  const xml = new TextDecoder().decode(parts[part] ?? new Uint8Array());
  const content = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  if (content === undefined) return undefined;
  const [node] = parseFragment(content).childNodes;
  const value = node !== undefined && 'value' in node ? node.value.trim() : '';
  return value === '' ? undefined : value;
}

/** Title and language that the author gave the document; the title that a program makes of the file name is no title. */
export function readProperties(parts: PackageParts): { title?: string; language?: string } {
  const title = element(parts, 'docProps/core.xml', 'dc:title');
  const styles = new TextDecoder().decode(parts['word/styles.xml'] ?? new Uint8Array());
  const language = /<w:lang\s[^>]*w:val="([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)"/.exec(styles)?.[1];
  const isName = title !== undefined && /\.(?:docx?|dotx?|rtf)$|^(?:Microsoft Word - |Document\d*$)/i.test(title);
  return { ...(title === undefined || isName ? {} : { title }), ...(language === undefined ? {} : { language }) };
}
