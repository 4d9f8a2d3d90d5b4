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

const sameAs: Readonly<Record<string, string>> = { 'application/xhtml+xml': 'text/html', 'text/x-markdown': 'text/markdown', 'text/x-web-markdown': 'text/markdown', 'text/xml': 'application/xml', 'text/json': 'application/json', 'text/rtf': 'application/rtf' };

function byContent(head: string): string | undefined {
  if (htmlStart.test(head)) return 'text/html';
  if (xmlStart.test(head)) return /<html[\s>]/i.test(head) ? 'text/html' : /<svg[\s>]/i.test(head) ? 'image/svg+xml' : 'application/xml';
  if (head.startsWith('{\\rtf')) return 'application/rtf';
  return undefined;
}

function byDeclaration({ mediaType, fileName }: TypeHints): string | undefined {
  const declared = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!vague.has(declared)) return sameAs[declared] ?? declared;
  const extension = /\.([a-z0-9]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase();
  const named = extension === undefined ? undefined : mediaTypesByExtension[extension];
  return named === undefined ? (declared === 'text/plain' ? declared : undefined) : sameAs[named] ?? named;
}

/** Type of text: by what it starts with, then as declared, then by the name of the file, then by the marks in it. */
export function textType(text: string, hints: TypeHints): string {
  const head = text.slice(0, 16_384);
  const declared = byDeclaration(hints);
  const known = byContent(head);
  if (known !== undefined && !(known === 'text/html' && declared === 'text/markdown')) return known;
  if (declared !== undefined) {
    // Other kinds of text (scripts, settings) read as plain text; a binary type was wrongly declared, since this is text.
    if (['text/html', 'text/markdown', 'text/plain', 'text/csv', 'message/rfc822', 'application/json', 'application/xml', 'application/rtf', 'image/svg+xml'].includes(declared)) return declared;
    return 'text/plain';
  }
  if ((head.match(htmlTag)?.length ?? 0) >= 3) return 'text/html';
  return markdownSigns.filter((sign) => sign.test(head)).length >= 2 ? 'text/markdown' : 'text/plain';
}
