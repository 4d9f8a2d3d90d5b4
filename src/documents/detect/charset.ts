import { detect as detectCharset } from 'chardet';

/** Text and the charset it was read in, or undefined when the bytes are not text in any known charset. */
export interface DecodedText {
  readonly text: string;
  readonly charset: string;
}

/** Bytes that are looked at to guess a charset; enough for statistics, cheap for large files. */
const sampleBytes = 64 * 1024;
/** Share of replaced or control characters above which bytes are not text. */
const mostGarbage = 0.02;
/** So many may stray into a short text. */
const strayGarbage = 2;

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** UTF-16 without a mark: in most scripts one byte of every pair is nearly constant, and for spaces and line ends it is zero. */
function unmarkedUtf16(sample: Uint8Array): string | undefined {
  let even = 0;
  let odd = 0;
  for (let index = 0; index + 1 < sample.length; index += 2) {
    if (sample[index] === 0 && sample[index + 1] !== 0) even += 1;
    if (sample[index + 1] === 0 && sample[index] !== 0) odd += 1;
  }
  const pairs = Math.floor(sample.length / 2);
  if (odd > pairs * 0.02 && even <= odd * 0.05) return 'utf-16le';
  if (even > pairs * 0.02 && odd <= even * 0.05) return 'utf-16be';
  return undefined;
}

/** The text, unless the charset is unknown or does not fit; a sample is tried first, so that large binary files cost little. */
function decodeAs(bytes: Uint8Array, charset: string, fatal: boolean): string | undefined {
  try {
    if (looksBinary(new TextDecoder(charset, { fatal }).decode(bytes.subarray(0, sampleBytes), { stream: true }))) return undefined;
    return new TextDecoder(charset, { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The charset that an HTML page names for itself; some pages do so only after long scripts. */
function declaredInside(sample: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(sample);
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w:-]+)/i.exec(head)?.[1] ?? /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w:-]+)/i.exec(head)?.[1];
}

export function charsetOf(mediaType: string | undefined): string | undefined {
  return /charset\s*=\s*["']?([\w:-]+)/i.exec(mediaType ?? '')?.[1];
}

/** Whether text holds more controls and replaced characters than writing does. */
export function looksBinary(text: string): boolean {
  const sample = text.slice(0, sampleBytes);
  // eslint-disable-next-line no-control-regex -- controls are what is counted
  const garbage = sample.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f\ufffd\uffff]/g)?.length ?? 0;
  return garbage > strayGarbage && garbage > sample.length * mostGarbage;
}

interface Candidate {
  readonly charset: string;
  readonly fatal: boolean;
}

/** In the order in which they are tried; each is worked out only when those before did not fit, since statistics cost most of all. */
function* candidates(bytes: Uint8Array, declared: string | undefined): Generator<Candidate> {
  const sample = bytes.subarray(0, sampleBytes);
  const utf16 = unmarkedUtf16(sample.subarray(0, sample.length - (sample.length % 2)));
  if (utf16 !== undefined) yield { charset: utf16, fatal: true };
  // Bytes that happen to be valid UTF-8 are UTF-8, whatever a server says; the reverse never happens by chance.
  yield { charset: 'utf-8', fatal: true };
  for (const charset of [declared, declaredInside(sample)]) {
    if (charset !== undefined && !/^utf-?(?:8|16|32)/i.test(charset)) yield { charset, fatal: true };
  }
  const guessed = detectCharset(sample);
  if (guessed !== null && !/^(?:UTF|ASCII)/i.test(guessed)) yield { charset: guessed.toLowerCase(), fatal: true };
  yield { charset: 'windows-1252', fatal: false };
}

/** Escape sequences of ISO-2022 charsets are plain ASCII, so valid UTF-8 as well: only a declaration tells. */
function isEscapedCharset(charset: string | undefined): charset is string {
  return charset !== undefined && /^iso-2022/i.test(charset);
}

/** Decodes by byte order mark, then what fits: UTF-16 by its zero bytes, UTF-8, the declared charset, a guess from statistics. */
export function decodeText(bytes: Uint8Array, mediaType: string | undefined): DecodedText | undefined {
  for (const { charset, fatal } of allCandidates(bytes, charsetOf(mediaType))) {
    const text = decodeAs(bytes, charset, fatal);
    if (text !== undefined) return { text, charset };
  }
  return undefined;
}

function* allCandidates(bytes: Uint8Array, declared: string | undefined): Generator<Candidate> {
  const marked = byteOrderMark(bytes);
  if (marked !== undefined) yield { charset: marked, fatal: false };
  if (isEscapedCharset(declared)) yield { charset: declared, fatal: true };
  yield* candidates(bytes, declared);
}
