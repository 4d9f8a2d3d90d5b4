import type { Mention } from './mentions.ts';

/** Characters of the text that the rules look at around a code: bounded, so that the time is linear in the text. */
const nearBefore = 60;
const nearAfter = 20;
const labelLength = 48;

const codeWord = String.raw`(?:code[sdn]?|codings?|kods?|kód[uy]?|códigos?|codici|codice|kode[rn]?|coder|koodi|schlüssel(?:nummer)?|коды?|コード|编码|編碼|代码)`;
const separators = String.raw`(?:\s(?:as|mit|con|par|is|are|ist|sind|for|für|no|nr)\b\.?)?[\s:=#("'\[|–-]{1,4}`;
const diagnosisLabel = new RegExp(String.raw`(?:(?<!\p{L})(?:\p{L}{0,15}diagn[oóô][sz]\p{L}{0,8}|диагноз\p{L}{0,3}|rozpoznani[ae]|dx|dg)|診断名?|诊断|病名|tanı)(?:[\s-]{0,2}${codeWord})?${separators}$`, 'iu');
const codeLabel = new RegExp(String.raw`(?<!\p{L})(?<!(?:postal|zip|error|fault|product|country|area|promo|dress|exit|qr|bar)\s)${codeWord}${separators}$`, 'iu');
const joinsMention = new RegExp(String.raw`^(?:[\s‐‑–-]{0,2}${codeWord})?[\s:=#("'\[|–-]{0,4}$`, 'iu');
/** What numbers things other than diseases. */
const otherLabel = /(?<!\p{L})(?:tables?|figures?|figs?|sections?|sect|chapters?|appendix|annex|versions?|ver|releases?|builds?|equations?|eq|theorem|lemma|models?|modell|rooms?|raum|requirements?|req|tabellen?|abbildung|abb|abschnitt|kapitel|anhang|anlage|tableau|figura|tabla|tabela|quadro|chapitre|capítulo)\.?\s{1,2}$|§\s?$/iu;

/** The text before a place, as far as labels reach. */
function before(text: string, at: number): string {
  return text.slice(Math.max(0, at - labelLength), at);
}

export function followsDiagnosisLabel(text: string, at: number): boolean {
  return diagnosisLabel.test(before(text, at));
}

export function followsCodeLabel(text: string, at: number): boolean {
  return codeLabel.test(before(text, at));
}

export function followsOtherLabel(text: string, at: number): boolean {
  return otherLabel.test(before(text, at));
}

/** Alone, or first or last of a list, in parentheses: `type 2 diabetes (E11)`. */
export function isInParentheses(text: string, start: number, end: number): boolean {
  const [left, right] = [text[start - 1], text[end]];
  return ((left === '(' || left === '[') && /[)\],;–-]/.test(right ?? '')) || ((right === ')' || right === ']') && /[,;] $/.test(text.slice(start - 2, start)));
}

/** At the beginning of a line or of a table's cell, with white space, a colon or the cell's end behind it. */
export function beginsLine(text: string, start: number, end: number): boolean {
  return /(?:^|\n|\|)[\s*•–>-]{0,4}$/.test(text.slice(Math.max(0, start - 5), start)) && /^(?:$|\s|:|[–-]\s)/.test(text.slice(end, end + 2));
}

/** A degree, a percentage, a second coordinate beside it: a measure, not a code. */
export function isMeasure(text: string, start: number, end: number): boolean {
  const after = text.slice(end, end + 16);
  if (/^\s?[%°'″′]/.test(after)) return true;
  if (/[NS]/.test(text[start] ?? '')) return /^[\s,;/]{1,3}[EW]\s?\d{1,3}\.\d/.test(after);
  return /[EW]/.test(text[start] ?? '') && /[NS]\s?\d{1,2}\.\d{1,8}[\s,;/]{1,3}$/.test(text.slice(Math.max(0, start - 16), start));
}

/** What one code is separated from the next by, in a list or a range. */
const listGap = /^[\s†*!+"|]{0,3}(?:[,;/&+]\s?)?(?:(?:and|und|et|or|oder|ou|and\/or|y|e|o|и|или|og|och|en|i)\s)?["']?$/iu;
const rangeGap = /^\s?(?:-|–|—|to|through|thru|bis|à|a|al|до)\s?$/iu;
const longestGap = 12;

export function joinsList(text: string, end: number, start: number): boolean {
  const gap = text.slice(end, start);
  return start - end <= longestGap && /\S/.test(gap) && (listGap.test(gap) || rangeGap.test(gap));
}

export function joinsRange(text: string, end: number, start: number): boolean {
  return start - end <= longestGap && rangeGap.test(text.slice(end, start));
}

/** The mentions that a code may belong to: one shortly before it in the same paragraph, and one right behind it. */
export function mentionsAt(text: string, mentions: readonly Mention[], start: number, end: number): { readonly before: Mention | undefined; readonly behind: Mention | undefined } {
  const next = firstFrom(mentions, start);
  const [earlier, later] = [mentions[next - 1], mentions[next]];
  const isBehind = later !== undefined && later.revision !== 'none' && later.start - end <= nearAfter && /^[^.\n]*$/.test(text.slice(end, later.start));
  return { before: earlier !== undefined && earlier.end <= start && reaches(text, earlier, start) ? earlier : undefined, behind: isBehind ? later : undefined };
}

/** ICD without a number is a device, too: it counts right before a code only. */
function reaches(text: string, mention: Mention, start: number): boolean {
  if (start - mention.end > nearBefore) return false;
  const between = text.slice(mention.end, start);
  return mention.revision === 'none' ? joinsMention.test(between) : !/\n\s*\n|(?<!\b(?:no|nr|e\.g|z\. ?B))[.!?]\s+(?:\p{L}|$)/iu.test(between);
}

/** Index of the first mention that starts at or after a place. */
function firstFrom(mentions: readonly Mention[], at: number): number {
  let [low, high] = [0, mentions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mentions[middle]?.start ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
