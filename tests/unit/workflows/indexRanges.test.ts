import { expect, it } from 'vitest';
import { indexRanges } from '../../../src/workflows/batch/indexRanges.ts';

it('names the documents of units above an index as ranges', () => {
  const units = [{ indexes: [4, 5, 6, 9], source: 'text' }, { indexes: [7], documentId: 'd', source: 'url' }, { indexes: [1, 2], source: 'text' }, { indexes: [20], source: 'text' }];
  expect(indexRanges(units, -1)).toEqual([[1, 2], [4, 7], [9, 9], [20, 20]]);
  expect(indexRanges(units, 5)).toEqual([[6, 7], [9, 9], [20, 20]]);
  expect(indexRanges([], -1)).toEqual([]);
});
