import { expect, it } from 'vitest';
import type { Generation, GenerationState } from '../../../src/contracts/generations.ts';
import { wayBack } from '../../../src/generations/wayBack.ts';
import { contract } from '../../contract/index/indexServer.ts';

const made = (id: string, state: GenerationState, more: Partial<Generation> = {}): Generation => ({
  id, state, tenant: null, excluded: [], departures: {}, reason: '', contract, recut: null, settings: {}, documents: null, points: null, digest: null, tokens: 0, maximumTokens: null, filledDocuments: 0, expectedDocuments: null, doneBy: null, pendingChanges: 0, createdAt: '2026-01-01T00:00:00.000Z', servedFrom: null, retiredAt: null, dropAfter: null, droppedAt: null, failure: null, recall: null, ...more,
});
const until = '2026-02-01T00:00:00.000Z';

it('leads to the one that was retired last, of the same placement', () => {
  const known = [made('old', 'retired', { retiredAt: '2026-01-02T00:00:00.000Z' }), made('older', 'retired', { retiredAt: '2026-01-01T00:00:00.000Z' }), made('own', 'retired', { tenant: 'big', retiredAt: '2026-01-03T00:00:00.000Z' }), made('now', 'serving')];
  expect([wayBack(known, null), wayBack(known, 'big'), wayBack(known, 'vast')]).toEqual(['old', 'own', undefined]);
});

it('leads a tenant to the shared one while that holds its points', () => {
  const own = made('own', 'serving', { tenant: 'big' });
  expect(wayBack([made('shared', 'serving', { departures: { big: until } }), own], 'big')).toBe('shared');
  expect(wayBack([made('shared', 'serving', { departures: { big: until }, excluded: ['big'] }), own], 'big')).toBeUndefined();
  expect(wayBack([made('shared', 'retired', { departures: { big: until } }), own], 'big')).toBeUndefined();
  expect(wayBack([made('shared', 'serving'), own], 'constructor')).toBeUndefined();
});
