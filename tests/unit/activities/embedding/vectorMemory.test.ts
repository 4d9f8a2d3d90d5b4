import { describe, expect, it } from 'vitest';
import { createVectorMemory } from '../../../../src/activities/embedding/vectorMemory.ts';
import { digestOf } from '../../../../src/contracts/identifiers.ts';

const [first, second, third] = [digestOf('1'), digestOf('2'), digestOf('3')];
const vectors = (value: number) => Promise.resolve([{ dense: Float32Array.of(value) }]);

describe('memory of vectors', () => {
  it('gives what is there or on its way, to its tenant only', async () => {
    const memory = createVectorMemory();
    memory.remember('acme', first, vectors(1));
    expect(await memory.get('acme', first)).toEqual([{ dense: Float32Array.of(1) }]);
    expect(memory.get('other', first)).toBeUndefined();
    expect(memory.get('acme', second)).toBeUndefined();
  });

  it('forgets the oldest first', () => {
    const memory = createVectorMemory(2);
    for (const key of [first, second, first, third]) memory.remember('acme', key, vectors(1));
    expect([first, second, third].map((key) => memory.get('acme', key) !== undefined)).toEqual([true, false, true]);
  });

  it('does not keep a failure', async () => {
    const memory = createVectorMemory();
    memory.remember('acme', first, Promise.reject(new Error('away')));
    await expect(memory.get('acme', first)).rejects.toThrow('away');
    expect(memory.get('acme', first)).toBeUndefined();
  });
});
