import { describe, expect, it } from 'vitest';
import type { IndexThresholds } from '../../../src/contracts/indexSettings.ts';
import { settingsOfBefore } from '../../../src/contracts/indexSettings.ts';
import { chooseIndexSettings, findMisfits } from '../../../src/generations/chooseIndexSettings.ts';

const thresholds: IndexThresholds = { exactPoints: 10_000, scalarPoints: 1_000_000, onDiskPoints: 5_000_000, binaryPoints: 20_000_000 };
const single = { shards: null, replicas: null, writeReplicas: null };
const choose = (points: number, { dimension = 1_024, isOwn = false, present = undefined as typeof settingsOfBefore | undefined } = {}) => chooseIndexSettings({ points, dimension, isOwn }, thresholds, single, present);
const layoutOf = (points: number, how?: Parameters<typeof choose>[1]) => {
  const { quantisation, vectorsOnDisk } = choose(points, how).settings;
  return [quantisation, vectorsOnDisk];
};

describe('how a collection is laid out', () => {
  it('follows its size, from each threshold on', () => {
    expect([0, 9_999, 999_999].map((points) => layoutOf(points))).toEqual(Array(3).fill(['none', false]));
    expect([1_000_000, 4_999_999].map((points) => layoutOf(points))).toEqual(Array(2).fill(['scalar', false]));
    expect([5_000_000, 19_999_999].map((points) => layoutOf(points))).toEqual(Array(2).fill(['scalar', true]));
    expect(layoutOf(20_000_000)).toEqual(['binary', true]);
  });

  it('has a graph for each tenant, or one over all where all are of one', () => {
    expect(choose(1).settings).toMatchObject({ links: 0, tenantLinks: 16, exactPoints: 10_000 });
    expect(choose(1, { isOwn: true }).settings).toMatchObject({ links: 16, tenantLinks: 0, exactPoints: 10_000 });
  });

  it('keeps one byte a dimension where vectors are too short for one bit, and says so', () => {
    expect(layoutOf(30_000_000, { dimension: 384 })).toEqual(['scalar', true]);
    expect(choose(30_000_000, { dimension: 384 }).because).toContainEqual(expect.stringMatching(/384 dimensions are too short/));
  });

  it('does not go to and fro about a threshold', () => {
    const { settings: large } = choose(5_000_000);
    expect(layoutOf(4_000_000, { present: large })).toEqual(['scalar', true]);
    expect(layoutOf(3_999_999, { present: large })).toEqual(['scalar', false]);
    expect(layoutOf(799_999, { present: large })).toEqual(['none', false]);
    expect(layoutOf(800_000)).toEqual(['none', false]);
    const { settings: largest } = choose(20_000_000);
    expect(layoutOf(16_000_000, { present: largest })).toEqual(['binary', true]);
    expect(layoutOf(15_999_999, { present: largest })).toEqual(['scalar', true]);
  });

  it('tells why, in sentences', () => {
    expect(choose(4_000).because).toEqual([
      'One graph a tenant, and none over all: every search is one tenant’s.',
      'Up to 10000 points of a tenant are searched exactly: that is all of the 4000 for now.',
      'Vectors are searched as they are: 4000 points are fewer than 1000000.',
      'Vectors are in memory: 4000 points are fewer than 5000000.',
    ]);
  });
});

describe('what no longer fits', () => {
  const { settings } = choose(10);

  it('is nothing where all is as it is to be, and nothing for what was made before there was a choice', () => {
    expect(findMisfits(settings, settings)).toEqual([]);
    expect(findMisfits(settingsOfBefore, settings)).toEqual([]);
  });

  it('is what the size asks for, and what the operator does', () => {
    expect(findMisfits(settings, choose(5_000_000).settings)).toEqual(['Quantisation "scalar" instead of Quantisation "none" fits it now.', 'Vectors on disk instead of Vectors in memory fits it now.']);
    expect(findMisfits(settings, { ...settings, shards: 6, replicas: 2, writeReplicas: 2 })).toHaveLength(3);
    expect(findMisfits({ ...settings, shards: 6 }, settings)).toEqual([]);
    expect(findMisfits(settings, { ...settings, exactPoints: 20_000 })).toHaveLength(1);
  });
});
