import { describe, expect, test } from 'vitest';
import { explain } from '../../../../src/retrieval/answer/explain.ts';
import type { FusionSettings, LegPart } from '../../../../src/retrieval/fusion/fuse.ts';
import type { Selected } from '../../../../src/retrieval/selection/select.ts';
import { someCandidate } from '../candidates/someCandidate.ts';

const fusion: FusionSettings = { method: 'similarity', denseWeight: 0.9, rankConstant: 60 };
const dense: LegPart = { score: 0.8, rank: 2, part: 0.72 };
const sparse: LegPart = { score: 11, rank: 5, part: 0.05 };

function selected({ fused, ...legs }: { readonly dense: LegPart | null; readonly sparse: LegPart | null; readonly fused: number }): Selected {
  const candidate = someCandidate({ document: 'a', score: fused });
  return { candidate: { ...candidate, hit: { ...candidate.hit, ...legs, fused } }, score: fused, neighbours: [], passages: [], duplicates: [] };
}
const text = (...given: Parameters<typeof explain>): string => explain(...given).join('\n');

describe('explain', () => {
  test('tells what each leg gave and how much of it counts', () => {
    const lines = text(selected({ dense, sparse, fused: 0.77 }), ['fever'], fusion);
    expect(lines).toContain('dense (similarity of meaning): score 0.8000, rank 2, adds 0.7200');
    expect(lines).toContain('sparse (BM25 over terms): score 11.0000, rank 5, adds 0.0500');
    expect(lines).toContain('fused: 0.7700 by similarity and share of the best, 90 % dense and 10 % sparse');
    expect(lines).not.toContain('leg');
  });

  test('tells of a leg that did not find the passage whether it counts all the same', () => {
    expect(text(selected({ dense, sparse: null, fused: 0.72 }), [], fusion)).toContain('; the sparse leg did not find it');
    expect(text(selected({ dense: null, sparse, fused: 0.45 }), [], fusion)).toContain('; for the dense leg it counts as the last of its list, which adds 0.4000');
  });

  test('does not deny terms that stand above the passage', () => {
    expect(text(selected({ dense, sparse: null, fused: 0.72 }), [], fusion)).toMatch(/holds no term of the query$/);
    expect(text(selected({ dense, sparse, fused: 0.77 }), [], fusion)).toContain('its title or headings do');
  });
});
