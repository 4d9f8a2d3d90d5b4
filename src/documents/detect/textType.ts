import { languageOfFileName, languageOfMediaType, languageOfShebang } from '../code/languages.ts';
import { jsonLinesMediaType } from './mediaTypes.ts';
import { mediaTypesByExtension } from './names.ts';

export interface TypeHints {
  readonly mediaType: string | undefined;
  readonly fileName: string | undefined;
}

const htmlStart = /^(?:\s|<!--[\s\S]*?-->|<\?xml[^>]*\?>)*<(?:!doctype\s+html|html|head|body)\b/i;
const xmlStart = /^\s*<\?xml\b/i;
/** Tags that only HTML has, closed again: writing about HTML in passing does not reach the count. */
const htmlTag = /<\/(?:p|div|span|table|tr|td|ul|ol|li|a|h[1-6]|script|body|html)\s*>/gi;
const markdownSigns = [/^#{1,6} \S/m, /^(?:```|~~~)/m, /\[[^\]\n]+\]\([^)\s]+\)/, /^\|?(?:\s*:?-{3,}:?\s*\|)+/m, /^\s*[-*] \[[ x]\] /m];

/** Types that say no more than "some bytes" or "some text": a file name knows better. */
const vague: ReadonlySet<string> = new Set(['', 'text/plain', 'application/octet-stream', 'binary/octet-stream', 'application/x-download', 'application/force-download', 'application/unknown']);

const sameAs: Readonly<Record<string, string>> = {
  'application/xhtml+xml': 'text/html', 'text/x-markdown': 'text/markdown', 'text/x-web-markdown': 'text/markdown', 'text/xml': 'application/xml', 'text/rtf': 'application/rtf',
  'text/json': 'application/json', 'application/jsonl': jsonLinesMediaType, 'application/jsonlines': jsonLinesMediaType, 'application/x-jsonlines': jsonLinesMediaType, 'application/ndjson': jsonLinesMediaType,
  'application/csv': 'text/csv', 'text/x-csv': 'text/csv', 'application/x-csv': 'text/csv', 'text/comma-separated-values': 'text/csv', 'text/tsv': 'text/tab-separated-values',
};

/** Types of text that have a name of their own, whether they can be parsed or not. */
const textTypes: ReadonlySet<string> = new Set(['text/html', 'text/markdown', 'text/plain', 'text/csv', 'text/tab-separated-values', 'message/rfc822', 'application/json', jsonLinesMediaType, 'application/xml', 'application/rtf', 'image/svg+xml']);

/** JSON without a name is looked for in texts up to this length. */
const longestUnnamedJson = 4 * 1024 * 1024;

function byContent(head: string): string | undefined {
  if (htmlStart.test(head)) return 'text/html';
  if (xmlStart.test(head)) return /<html[\s>]/i.test(head) ? 'text/html' : /<svg[\s>]/i.test(head) ? 'image/svg+xml' : 'application/xml';
  if (head.startsWith('{\\rtf')) return 'application/rtf';
  return undefined;
}

/** The type that a name stands for: one of text, or of source code; undefined for any other. */
function typeOfText(name: string): string | undefined {
  const type = sameAs[name] ?? (name.endsWith('+json') ? 'application/json' : name);
  return textTypes.has(type) ? type : languageOfMediaType(type)?.mediaType;
}

function byFileName(fileName: string | undefined): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? '';
  return typeOfText(mediaTypesByExtension[extension] ?? '') ?? languageOfFileName(fileName ?? '')?.mediaType;
}

/** The declared type; where that says nothing, or names a type that is no text although this is, the type that the file name tells. */
function byDeclaration({ mediaType, fileName }: TypeHints): string | undefined {
  const declared = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!vague.has(declared)) return typeOfText(declared) ?? byFileName(fileName) ?? 'text/plain';
  return byFileName(fileName) ?? (declared === 'text/plain' ? declared : undefined);
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text) || text.length > longestUnnamedJson) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Type of text: by what it starts with, then as declared, then by the name of the file, then by the marks in it. */
export function textType(text: string, hints: TypeHints): string {
  const head = text.slice(0, 16_384);
  const declared = byDeclaration(hints);
  const known = byContent(head);
  const isTemplate = known === 'text/html' && (declared === 'text/markdown' || languageOfMediaType(declared ?? '') !== undefined);
  if (known !== undefined && !isTemplate) return known;
  if (declared !== undefined) return declared;
  const script = languageOfShebang(head);
  if (script !== undefined) return script.mediaType;
  if ((head.match(htmlTag)?.length ?? 0) >= 3) return 'text/html';
  if (isJson(text)) return 'application/json';
  return markdownSigns.filter((sign) => sign.test(head)).length >= 2 ? 'text/markdown' : 'text/plain';
}
