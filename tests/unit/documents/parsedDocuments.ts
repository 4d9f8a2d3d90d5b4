import type { Block, ParsedText } from '../../../src/contracts/parsed.ts';

export interface Piece {
  readonly kind: Block['kind'];
  readonly text: string;
  readonly level?: number;
  readonly page?: number;
}

/** A parsed document of given pieces, an empty line between them. */
export function documentOf(pieces: readonly Piece[]): ParsedText {
  const blocks: Block[] = [];
  let text = '';
  for (const { text: piece, ...place } of pieces) {
    if (text !== '') text += '\n\n';
    blocks.push({ ...place, start: text.length, end: text.length + piece.length });
    text += piece;
  }
  return { mediaType: 'text/plain', text, blocks, lostPages: [] };
}
