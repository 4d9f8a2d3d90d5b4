import { expect, it } from 'vitest';
import { canFinish, chunkersOf, isCutting, isSameMake } from '../../../../src/activities/generations/makes.ts';
import { asServing } from '../../../../src/activities/stages/asServing.ts';
import type { ActivityDependencies } from '../../../../src/activities/dependencies.ts';
import type { Generation } from '../../../../src/contracts/generations.ts';
import { contract } from '../../../contract/index/indexServer.ts';

const [chunking, nextChunking] = [{ maximumTokens: 448, overlapTokens: 48 }, { maximumTokens: 64, overlapTokens: 0 }];
const settingsOf = (next?: typeof nextChunking) => ({ chunking, nextChunking: next }) as ActivityDependencies['settings'];
const recutBy = (settings: typeof chunking, version = chunkersOf({ settings: settingsOf() }).present.version) => ({ id: 'cafe', chunker: { version, ...settings } });
const made = (more: Partial<Generation>) => ({ id: 'alias_model_cafe', state: 'building', contract, recut: null, ...more }) as Generation;
const models = { all: [{ contract }], serving: () => Promise.resolve({ contract }) } as unknown as ActivityDependencies['models'];

it('are the same where model and cutting are', () => {
  const cut = made({ recut: recutBy(nextChunking) });
  expect([isSameMake(made({}), made({})), isSameMake(cut, made({ recut: { ...recutBy(nextChunking), id: 'beef' } })), isSameMake(cut, made({})), isSameMake(made({}), made({ contract: { ...contract, revision: 'another' } }))]).toEqual([true, false, false, false]);
});

it('cut documents for the generation that a recut began, until it serves', () => {
  const recut = recutBy(nextChunking);
  expect([isCutting(made({ recut })), isCutting(made({ recut, state: 'ready' })), isCutting(made({ recut, state: 'serving' })), isCutting(made({ recut, id: 'alias_model_beef' })), isCutting(made({}))]).toEqual([true, true, false, false, false]);
});

it('can be finished by a process that has model and chunker', () => {
  const by = (next: typeof nextChunking | undefined, generation: Generation) => canFinish({ models, settings: settingsOf(next) }, generation);
  const recut = recutBy(nextChunking);
  expect([by(nextChunking, made({ recut })), by(undefined, made({ recut })), by(undefined, made({ recut: recutBy(chunking) })), by(nextChunking, made({ recut: recutBy(nextChunking, 'older') })), by(nextChunking, made({ contract: { ...contract, revision: 'gone' } }))]).toEqual([true, false, true, false, false]);
  // What was cut for another generation is there.
  expect(by(undefined, made({ recut, id: 'alias_model_beef' }))).toBe(true);
});

it('have what is ingested cut as the index is that serves, where the process can', async () => {
  const cutBy = async (next: typeof nextChunking | undefined, recut: Generation['recut'] | undefined) => {
    const generationIndex = { serving: () => Promise.resolve('serving'), recutOf: () => Promise.resolve(recut) };
    return (await asServing({ models, generationIndex, settings: settingsOf(next) } as unknown as ActivityDependencies, { tenant: 'acme' })).settings.chunking;
  };
  expect([await cutBy(nextChunking, null), await cutBy(nextChunking, recutBy(nextChunking)), await cutBy(nextChunking, recutBy({ maximumTokens: 100, overlapTokens: 0 })), await cutBy(undefined, recutBy(nextChunking)), await cutBy(nextChunking, undefined)]).toEqual([chunking, nextChunking, chunking, chunking, chunking]);
});
