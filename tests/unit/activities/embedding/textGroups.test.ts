import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupTexts, textsPerGroup } from '../../../../src/activities/embedding/textGroups.ts';
import { vectorsVersion } from '../../../../src/activities/embedding/textVectors.ts';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';

const embedder = createStubEmbedder({ dimension: 4 });
const version = vectorsVersion(embedder);
const texts = fc.array(fc.record({ text: fc.string(), tokens: fc.integer({ min: 1, max: 512 }) }), { maxLength: 60 });

describe('groups of texts', () => {
  it('hold every text once, where it stood', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const groups = groupTexts(version, all);
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
        const keys = (some: typeof all) => groupTexts(version, some).map(({ key }) => key);
        expect(keys([...all].reverse())).toEqual(keys(all));
      }),
    );
  });

  it('have other keys under another contract, with codes of tokens, and with others', () => {
    const all = [{ text: 'a', tokens: 1 }];
    const codesOf = (name: string) => ({ version: name, embedPassages: () => Promise.reject(new Error('not asked')), embedQueryTokens: () => Promise.reject(new Error('not asked')) });
    const embedders = [embedder, { contract: { ...embedder.contract, revision: '2' } }, { ...embedder, tokenVectors: codesOf('1') }, { ...embedder, tokenVectors: codesOf('2') }];
    expect(new Set(embedders.map((one) => groupTexts(vectorsVersion(one), all)[0]?.key)).size).toBe(embedders.length);
  });
});
