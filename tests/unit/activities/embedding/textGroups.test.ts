import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupTexts, textsPerGroup } from '../../../../src/activities/embedding/textGroups.ts';
import type { EmbeddingContract } from '../../../../src/contracts/embedding.ts';

const contract: EmbeddingContract = { model: 'test', revision: '1', dimension: 4, normalised: true, dtype: 'float32', pooling: 'mean', queryPrefix: '', passagePrefix: '', tokenLimit: 512 };
const texts = fc.array(fc.record({ text: fc.string(), tokens: fc.integer({ min: 1, max: 512 }) }), { maxLength: 60 });

describe('groups of texts', () => {
  it('hold every text once, where it stood', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const groups = groupTexts(contract, all);
        const places = groups.flatMap(({ positions }) => positions);
        expect([...places].sort((left, right) => left - right)).toEqual(all.map((_, position) => position));
        for (const group of groups) {
          expect(group.texts.length).toBeLessThanOrEqual(textsPerGroup);
          expect(group.texts.map(({ text }) => text)).toEqual(group.positions.map((position) => all[position]?.text));
        }
      }),
    );
  });

  it('are the same for the same texts in any order', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const keys = (some: typeof all) => groupTexts(contract, some).map(({ key }) => key);
        expect(keys([...all].reverse())).toEqual(keys(all));
      }),
    );
  });

  it('have other keys under another contract', () => {
    const all = [{ text: 'a', tokens: 1 }];
    expect(groupTexts({ ...contract, revision: '2' }, all)[0]?.key).not.toBe(groupTexts(contract, all)[0]?.key);
  });
});
