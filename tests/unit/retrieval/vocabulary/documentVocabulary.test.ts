import { describe, expect, test } from 'vitest';
import { documentVocabulary } from '../../../../src/retrieval/vocabulary/documentVocabulary.ts';
import { readWordEntry, vocabularyWords, wordEntry } from '../../../../src/retrieval/vocabulary/words.ts';

const chunk = (text: string, headings: string[] = [], ordinal = 0) => ({ ordinal, tier: 'passage' as const, text, start: 0, end: text.length, headings, tokens: 5 });

describe('vocabulary of a document', () => {
  test('each chunk lists telling words that no chunk before it lists, in one of their forms', () => {
    const [first, second] = documentVocabulary({ title: 'Cells', chunks: [chunk('The cell divides, and cells grow.'), chunk('Cell division and mitosis of 12 cells.')] });
    expect(first?.words).toEqual(['cells', 'divides', 'grow']);
    expect(second?.words).toEqual(['division', 'mitosis']);
  });

  test('titles and headings are labels of the first chunk below them, their words of any length but one letter', () => {
    const chunks = [chunk('x', ['Cells', 'A note on life']), chunk('y', ['Cells', 'A note on life', 'Étude'], 1), chunk('z', ['Étude'], 2)];
    expect(documentVocabulary({ title: 'Cells', chunks }).map(({ labels }) => labels)).toEqual([['t:cells', 'h:note', 'h:on', 'h:life'], ['h:etude'], []]);
  });

  test('lists are bounded, whatever the text', () => {
    const text = Array.from({ length: 3000 }, (_, index) => `word${index.toString(26)}x`).join(' ');
    const [only] = documentVocabulary({ title: text, chunks: [chunk(text, [text.slice(5)])] });
    expect(only?.words).toHaveLength(24);
    expect(only?.labels.length).toBeLessThanOrEqual(48);
  });

  test('stop words are those of the document language', () => {
    expect(documentVocabulary({ title: '', language: 'de', chunks: [chunk('Die Miete und das Haus')] })[0]?.words).toEqual(['miete', 'haus']);
  });

  test('entries are found by their folded form and shown as written', () => {
    const [word] = vocabularyWords('Straßencafé');
    expect(word).toEqual({ folded: 'strassencafe', shown: 'straßencafé', isName: false });
    expect(wordEntry(word ?? { folded: '', shown: '' })).toBe('strassencafe|straßencafé');
    expect(readWordEntry('strassencafe|straßencafé')).toEqual({ folded: 'strassencafe', shown: 'straßencafé' });
    expect(readWordEntry('cell')).toEqual({ folded: 'cell', shown: 'cell' });
    expect(vocabularyWords('COVID-19 12 a 3.5 E11.9').map(({ shown, isName }) => [shown, isName])).toEqual([['covid', false], ['covid-19', true], ['e11.9', true]]);
  });
});
