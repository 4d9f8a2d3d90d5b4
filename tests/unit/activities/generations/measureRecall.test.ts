import { expect, it } from 'vitest';
import { measureRecall } from '../../../../src/activities/generations/measureRecall.ts';
import type { DomainEvent } from '../../../../src/contracts/events.ts';
import type { Generation } from '../../../../src/contracts/generations.ts';
import type { ComparedSearch, IndexRecall } from '../../../../src/contracts/recall.ts';

const exact = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((id, place) => ({ id, score: 1 - place / 100 }));
const missing = (count: number): ComparedSearch => ({ exact, found: exact.slice(0, exact.length - count) });

/** What is measured of generations that find what is given here, by id. */
async function measure(found: Readonly<Record<string, readonly ComparedSearch[]>>) {
  const recalls = new Map<string, IndexRecall>();
  const events: DomainEvent[] = [];
  const known = Object.keys(found).map((id) => ({ id, state: id === 'old' ? 'retired' : 'serving', tenant: id === 'own' ? 'big' : null }) as Generation);
  const generations = { find: (id: string) => Promise.resolve(known.find((each) => each.id === id)), list: () => Promise.resolve(known), recordRecall: (id: string, recall: IndexRecall) => Promise.resolve(void recalls.set(id, recall)) };
  const generationIndex = { alias: 'alias', serving: () => Promise.resolve('shared'), contractOf: () => Promise.resolve({}), compareSearches: (id: string) => Promise.resolve(found[id]) };
  const dependencies = { generations, generationIndex, emit: (event: DomainEvent) => void events.push(event) } as unknown as Parameters<typeof measureRecall>[0];
  await measureRecall(dependencies, { progress: () => undefined });
  return { recalls: Object.fromEntries([...recalls].map(([id, { sampled, recall, low }]) => [id, [sampled, recall, low]])), events };
}

it('is kept with each generation that serves, and told, low or not', async () => {
  const { recalls, events } = await measure({ shared: [missing(0), missing(1)], own: [missing(0), missing(2)], old: [missing(9)] });
  expect(recalls).toEqual({ shared: [2, 0.95, false], own: [2, 0.9, true] });
  expect(events).toMatchObject([{ type: 'index.measured', generation: 'shared', tenant: null, recall: 0.95, low: false }, { type: 'index.measured', generation: 'own', tenant: 'big', recall: 0.9, low: true }]);
});

it('is not told of an empty one', async () => {
  expect(await measure({ shared: [] })).toEqual({ recalls: {}, events: [] });
});
