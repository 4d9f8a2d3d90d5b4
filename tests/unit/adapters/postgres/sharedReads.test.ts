import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSharedReads } from '../../../../src/adapters/postgres/epochs/sharedReads.ts';

const late = (): Error => new Error('late');

describe('shared reads', () => {
  test('one that came during a read gets the next one', async () => {
    let value = 0;
    let reads = 0;
    const ask = createSharedReads(
      async () => {
        reads += 1;
        const seen = String(value);
        await sleep(5);
        return seen;
      },
      { patienceMs: 1_000, late },
    );
    const first = ask('a');
    value = 1;
    const others = Array.from({ length: 100 }, () => ask('a'));
    expect(await first).toBe('0');
    expect(new Set(await Promise.all(others))).toEqual(new Set(['1']));
    expect(reads).toBe(2);
  });

  test('whatever comes when: an answer is at least as new as the question', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ pauseMs: fc.integer({ min: 0, max: 3 }), readMs: fc.integer({ min: 0, max: 4 }), fails: fc.boolean() }), { minLength: 1, maxLength: 20 }), async (steps) => {
        let now = 0;
        let underWay = 0;
        let most = 0;
        const plan = [...steps];
        const ask = createSharedReads(
          async () => {
            const { readMs, fails } = plan.shift() ?? { readMs: 0, fails: false };
            const seen = now;
            most = Math.max(most, (underWay += 1));
            await sleep(readMs);
            underWay -= 1;
            if (fails) throw new Error('down');
            return String(seen);
          },
          { patienceMs: 1_000, late },
        );
        const answers: Promise<void>[] = [];
        for (const { pauseMs } of steps) {
          const asked = (now += 1);
          answers.push(ask('a').then((answer) => expect(Number(answer)).toBeGreaterThanOrEqual(asked), (error: Error) => expect(error.message).toBe('down')));
          if (pauseMs > 0) await sleep(pauseMs);
        }
        await Promise.all(answers);
        expect(most).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test('keys do not wait for each other', async () => {
    const hold = Promise.withResolvers<string>();
    const ask = createSharedReads((key) => (key === 'slow' ? hold.promise : Promise.resolve(key)), { patienceMs: 1_000, late });
    const slow = ask('slow');
    expect(await ask('quick')).toBe('quick');
    hold.resolve('done');
    expect(await slow).toBe('done');
  });

  test('of a read that hangs only those hear who came at first, and it is not begun again beside it', async () => {
    let hold = Promise.withResolvers<string>();
    let reads = 0;
    const ask = createSharedReads(() => ((reads += 1), hold.promise), { patienceMs: 30, late });
    const waiting = [ask('a'), ask('a')];
    for (const each of waiting) await expect(each).rejects.toThrow('late');
    await sleep(10);
    const started = performance.now();
    await expect(ask('a')).rejects.toThrow('late');
    expect(performance.now() - started).toBeLessThan(10);
    expect(reads).toBe(1);
    const hung = hold;
    hold = Promise.withResolvers<string>();
    hold.resolve('back');
    hung.resolve('old');
    await sleep(1);
    expect(await ask('a')).toBe('back');
  });
});
