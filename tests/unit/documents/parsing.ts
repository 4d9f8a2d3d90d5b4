import { expect } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { ErrorCode } from '../../../src/contracts/errors.ts';
import type { ParsedText } from '../../../src/contracts/parsed.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import type { ParseHints } from '../../../src/ports/documentParser.ts';

export const noHints: ParseHints = { mediaType: undefined, fileName: undefined, url: undefined };

export function parseText(source: string, mediaType?: string): Promise<ParsedText> {
  return parseDocument(Buffer.from(source), { ...noHints, mediaType });
}

/** Blocks as `kind` (with the level of headings) and text. */
export function blocksOf(parsed: ParsedText): [string, string][] {
  return parsed.blocks.map(({ kind, level, start, end }) => [`${kind}${level ?? ''}`, parsed.text.slice(start, end)]);
}

/** The failure of parsing: code and sentence. */
export async function failureOf(bytes: Uint8Array, hints: Partial<ParseHints> = {}): Promise<{ code: ErrorCode; message: string }> {
  try {
    const parsed = await parseDocument(bytes, { ...noHints, ...hints });
    return expect.fail(`parsed as ${parsed.mediaType}: ${parsed.text.slice(0, 80)}`);
  } catch (thrown) {
    if (!(thrown instanceof CatalystError)) throw thrown;
    return { code: thrown.code, message: thrown.message };
  }
}
