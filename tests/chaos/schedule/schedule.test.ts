import { describe, expect, it } from 'vitest';
import { dealt, seededRandom } from './random.ts';
import { describeAction, faultKinds, killTargets, linkNames, makeSchedule } from './schedule.ts';

const options = { seed: 7, kills: 100, faults: 50, documents: 20_000 };

describe('schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makeSchedule(options)).toEqual(makeSchedule(options));
    expect(makeSchedule({ ...options, seed: 8 })).not.toEqual(makeSchedule(options));
  });

  it('holds as many kills and faults as asked, each target and kind about equally often', () => {
    const actions = makeSchedule(options).map(({ action }) => action);
    const count = (wanted: (action: (typeof actions)[number]) => boolean): number => actions.filter(wanted).length;
    expect(count(({ type }) => type === 'kill')).toBe(100);
    expect(count(({ type }) => type === 'fault')).toBe(50);
    for (const target of killTargets) expect([16, 17]).toContain(count((action) => action.type === 'kill' && action.target === target));
    for (const link of linkNames) expect([8, 9]).toContain(count((action) => action.type === 'fault' && action.target === link));
    for (const kind of faultKinds) expect(count((action) => action.type === 'fault' && action.fault.kind === kind)).toBe(10);
  });

  it('lies within the work, in order', () => {
    const due = makeSchedule(options).map(({ afterDocuments }) => afterDocuments);
    expect(due).toEqual([...due].sort((left, right) => left - right));
    expect(due[0]).toBeGreaterThan(0);
    expect(due.at(-1)).toBeLessThan(0.86 * options.documents);
  });

  it('tells each step in words', () => {
    expect(describeAction({ type: 'kill', target: 'worker' })).toBe('kill -9 worker');
    expect(describeAction({ type: 'fault', target: 's3', fault: { kind: 'slow', milliseconds: 900, latencyMs: 20, bytesPerSecond: 50_000 } })).toBe('slow connections to s3 for 900 ms (20 ms, 50 kB/s)');
  });
});

describe('random numbers', () => {
  it('are spread over the whole range', () => {
    const random = seededRandom(1);
    const tenths = new Set(Array.from({ length: 1_000 }, () => Math.floor(random.next() * 10)));
    expect(tenths.size).toBe(10);
    expect(new Set(Array.from({ length: 200 }, () => random.integer(3, 5)))).toEqual(new Set([3, 4, 5]));
  });

  it('deal every card before one comes again', () => {
    const cards = dealt(seededRandom(2), ['a', 'b', 'c'], 7);
    expect(cards).toHaveLength(7);
    expect(new Set(cards.slice(0, 3)).size).toBe(3);
    expect(new Set(cards.slice(3, 6)).size).toBe(3);
  });
});
