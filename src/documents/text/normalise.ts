import { withoutSpelling } from '../risk/unseenText.ts';

/** Line ends of all kinds: CR LF, CR, vertical tab, form feed, next line, line and paragraph separator. */
const lineEnd = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

/** Controls and invisible marks that carry no text; joiners stay, because Persian and emoji need them. */
// eslint-disable-next-line no-control-regex -- controls are what is removed
const invisible = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/g;

/** NFC, `\n` line ends, well-formed UTF-16, no controls but tab and line feed. */
export function normaliseCharacters(text: string): string {
  return withoutSpelling(text.toWellFormed().replace(lineEnd, '\n').replace(invisible, '')).normalize('NFC');
}

/** One line: every run of whitespace is one space. */
export function inlineText(text: string): string {
  return normaliseCharacters(text).replace(/\s+/g, ' ').trim();
}

/** Several lines: whitespace collapsed within each, empty lines dropped. */
export function multilineText(text: string): string {
  return normaliseCharacters(text)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** As multilineText, but the indentation of each line stays (lists, by two spaces a level). */
export function indentedText(text: string): string {
  return normaliseCharacters(text)
    .split('\n')
    .map((line) => (/^ */.exec(line)?.[0] ?? '') + line.replace(/\s+/g, ' ').trim())
    .filter((line) => line.trim() !== '')
    .join('\n');
}

/** Code as it stands: only line ends, controls and empty lines around it are normalised. */
export function codeText(text: string): string {
  return normaliseCharacters(text).replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}
