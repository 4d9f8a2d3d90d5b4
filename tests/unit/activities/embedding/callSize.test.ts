import { describe, expect, it } from 'vitest';
import { CallSize, mostGroupsPerCall } from '../../../../src/activities/embedding/callSize.ts';
import { textsPerGroup } from '../../../../src/activities/embedding/textGroups.ts';

/** The sizes that calls take where each takes as long as is told. */
function sizes(calls: number, milliseconds: (texts: number, call: number) => number, size = new CallSize()): number[] {
  return Array.from({ length: calls }, (_, call) => {
    const { groups } = size;
    size.measured(groups * textsPerGroup, milliseconds(groups * textsPerGroup, call));
    return groups;
  });
}

describe('size of a call', () => {
  it('stays small for a model whose time goes by texts', () => {
    expect(sizes(12, (texts) => 5 + 20 * texts)).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
  });

  it('grows to a whole request where the way there takes the time', () => {
    expect(sizes(12, (texts) => 300 + texts)).toEqual([1, 1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8]);
    expect(mostGroupsPerCall * textsPerGroup).toBe(64);
  });

  it('stops between, where more no longer pays', () => {
    expect(sizes(14, (texts) => 200 + 12 * texts).slice(-2)).toEqual([4, 4]);
  });

  it('is not misled by slow first calls, nor by single ones', () => {
    const slowStart = (texts: number, call: number): number => 20 * texts + (call < 2 ? 5_000 : 0);
    expect(sizes(8, slowStart).slice(-2)).toEqual([1, 1]);
    const hiccups = (texts: number, call: number): number => 300 + texts + (call % 3 === 1 ? 2_000 : 0);
    expect(sizes(12, hiccups).at(-1)).toBe(8);
  });

  it('tries again later, when the endpoint may be another', () => {
    const size = new CallSize();
    sizes(6, (texts) => 20 * texts, size);
    expect(sizes(120, (texts) => 300 + texts, size).at(-1)).toBe(8);
  });

  it('learns nothing from calls of another size', () => {
    const size = new CallSize();
    for (let call = 0; call < 10; call += 1) size.measured(3, 1_000);
    expect(size.groups).toBe(1);
  });
});
