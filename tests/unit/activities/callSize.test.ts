import { describe, expect, it } from 'vitest';
import { CallSize, mostGroupsPerCall } from '../../../src/activities/callSize.ts';
import { textsPerGroup } from '../../../src/activities/textGroups.ts';

/** The sizes that calls take where one costs `fixedMs`, and each text of it `perTextMs`. */
function sizes(fixedMs: number, perTextMs: number, calls = 8): number[] {
  const size = new CallSize();
  return Array.from({ length: calls }, () => {
    const texts = size.groups * textsPerGroup;
    size.measured(texts, fixedMs + perTextMs * texts);
    return texts / textsPerGroup;
  });
}

describe('size of a call', () => {
  it('stays small for a model whose time goes by texts', () => {
    expect(sizes(5, 20)).toEqual([1, 2, 1, 1, 1, 1, 1, 1]);
  });

  it('grows to a whole request where the way there takes the time', () => {
    expect(sizes(300, 1)).toEqual([1, 2, 4, 8, 8, 8, 8, 8]);
    expect(mostGroupsPerCall * textsPerGroup).toBe(64);
  });

  it('stops between, where more no longer pays', () => {
    expect(sizes(200, 12)).toEqual([1, 2, 4, 8, 4, 4, 4, 4]);
  });
});
