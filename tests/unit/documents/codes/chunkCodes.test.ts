import { describe, expect, test } from 'vitest';
import { chunkDocument } from '../../../../src/documents/chunk.ts';
import type { Piece } from '../parsedDocuments.ts';
import { documentOf } from '../parsedDocuments.ts';
import { wordPieces } from '../wordPieces.ts';

const filler = Array.from({ length: 8 }, (_, index) => `The search ${index} the search the search.`).join(' ');

function codesOf(pieces: readonly Piece[], title = 'Guide'): (string[] | undefined)[] {
  const { chunks } = chunkDocument(documentOf(pieces), { title, settings: { maximumTokens: 128, overlapTokens: 0 }, tokenizer: wordPieces });
  return chunks.map(({ codes }) => codes?.map(({ system, code }) => `${system}=${code}`));
}

describe('the codes of chunks', () => {
  test('stand in the chunk or in a heading above it; chunks without any have none', () => {
    expect(
      codesOf([
        { kind: 'heading', level: 1, text: 'Coding with ICD-10' },
        { kind: 'paragraph', text: filler },
        { kind: 'heading', level: 2, text: 'Type 2 diabetes (E11)' },
        { kind: 'paragraph', text: filler },
        { kind: 'paragraph', text: `${filler} Without complications it is E11.9, and once more E11.9.` },
        { kind: 'heading', level: 1, text: 'Elsewhere' },
        { kind: 'paragraph', text: filler },
      ]),
    ).toEqual([undefined, ['icd-10=E11'], ['icd-10=E11'], ['icd-10=E11', 'icd-10=E11.9'], undefined]);
  });

  test('what makes a code of it may stand in another chunk', () => {
    const body: Piece[] = [{ kind: 'paragraph', text: filler }, { kind: 'paragraph', text: `${filler} High blood pressure (I10).` }];
    expect(codesOf(body)).toEqual([undefined, undefined]);
    expect(codesOf([{ kind: 'paragraph', text: `${filler} All codes are of ICD-10.` }, ...body]).at(-1)).toEqual(['icd-10=I10']);
  });

  test('a code in the title is that of every chunk', () => {
    expect(codesOf([{ kind: 'paragraph', text: filler }, { kind: 'paragraph', text: filler }], 'Asthma, J45.9')).toEqual([['icd-10=J45.9'], ['icd-10=J45.9']]);
  });

  test('a short document that is one chunk has them too', () => {
    expect(codesOf([{ kind: 'paragraph', text: 'Asthma is J45.9.' }])).toEqual([['icd-10=J45.9']]);
  });
});
