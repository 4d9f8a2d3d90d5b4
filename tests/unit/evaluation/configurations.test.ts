import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configurationsOf, matrixSchema, readMatrix, usualMatrix } from '../../retrieval/configurations/matrix.ts';
import { readOptions, UsageError } from '../../retrieval/options.ts';

describe('configurationsOf', () => {
  it('puts the plain modes first, and every combination once', () => {
    const all = configurationsOf(matrixSchema.parse({ fusionMethods: ['min-max', 'reciprocal-rank'], denseWeights: [0.5, 0.6], rankConstants: [10, 60], legDepths: [200] }));
    // Three modes; min-max 2, reciprocal rank 2 × 2.
    expect(all).toHaveLength(3 + 2 + 4);
    expect(all.slice(0, 3)).toEqual([{ name: 'dense', mode: 'dense' }, { name: 'sparse', mode: 'sparse' }, { name: 'hybrid', mode: 'hybrid' }]);
    expect(all).toContainEqual({
      name: 'hybrid reciprocal-rank dense 0.6 constant 10 depth 200', mode: 'hybrid',
      settings: { fusion: { method: 'reciprocal-rank', denseWeight: 0.6, rankConstant: 10 }, legDepth: 200 },
    });
    expect(all).toContainEqual({ name: 'hybrid min-max dense 0.5 depth 200', mode: 'hybrid', settings: { fusion: { method: 'min-max', denseWeight: 0.5 }, legDepth: 200 } });
  });

  it('sets nothing that is not to be tried', () => {
    expect(configurationsOf(matrixSchema.parse({ modes: ['hybrid'], legDepths: [50] })).map(({ name }) => name)).toEqual(['hybrid', 'hybrid depth 50']);
    expect(configurationsOf(matrixSchema.parse({ modes: ['dense'], legDepths: [50] })).map(({ name }) => name)).toEqual(['dense']);
  });

  it('gives no two configurations one name', () => {
    const names = configurationsOf(usualMatrix).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(() => configurationsOf(matrixSchema.parse({ configurations: [{ name: 'hybrid', mode: 'dense' }] }))).toThrow('named "hybrid"');
  });
});

describe('readMatrix', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catalyst-matrix-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('names the file and the field of what it does not know', async () => {
    const file = join(folder, 'matrix.json');
    await writeFile(file, '{"fusionMethods": ["min-max", "median"], "denseWeights": [0.5]}');
    await expect(readMatrix(file)).rejects.toThrow(/matrix\.json is not a matrix: fusionMethods\.1: /);
    await writeFile(file, '{"weights": [1]}');
    await expect(readMatrix(file)).rejects.toThrow(/the whole: .*weights/);
    await writeFile(file, '{"modes": ["hybrid"]}');
    expect(await readMatrix(file)).toMatchObject({ modes: ['hybrid'], fusionMethods: [], configurations: [] });
  });
});

describe('readOptions', () => {
  it('reads a folder with what is usual for the rest', () => {
    expect(readOptions(['data/set one'])).toMatchObject({
      kind: 'measure', folder: 'data/set one', smoke: false, split: 'test', modes: ['dense', 'sparse', 'hybrid'], matrix: false, folds: 5, seed: 7, concurrency: 2,
      tenant: expect.stringMatching(/^eval-set-one-[0-9a-f]{8}$/) as unknown,
    });
    expect(readOptions(['set', '--modes', 'hybrid, dense', '--split', 'train', '--tenant', 'kept'])).toMatchObject({ modes: ['hybrid', 'dense'], split: 'train', tenant: 'kept' });
    expect(readOptions(['--smoke'])).toMatchObject({ smoke: true, folder: expect.stringMatching(/tests\/retrieval\/smoke$/) as unknown });
    expect(readOptions(['set', '--grid', 'grid.json'])).toMatchObject({ matrix: true, grid: 'grid.json' });
    expect(readOptions(['--choose', 'a.json', 'b.json', '--folds', '10'])).toEqual({ kind: 'choose', runs: ['a.json', 'b.json'], folds: 10, seed: 7 });
    expect(readOptions(['--help'])).toEqual({ kind: 'help' });
  });

  it.each([
    [[], 'Name one folder'],
    [['one', 'two'], 'Name one folder'],
    [['--smoke', 'set'], 'brings its own folder'],
    [['set', '--modes', 'hybrid,keyword'], '"keyword" is not a mode'],
    [['set', '--modes', 'hybrid', '--matrix'], 'its own modes'],
    [['set', '--split', 'validation'], 'the splits are test, train, dev'],
    [['set', '--folds', '1'], '--folds must be a whole number of at least 2'],
    [['set', '--concurrency', 'many'], '--concurrency'],
    [['--choose'], 'Name the saved runs'],
    [['set', '--depth', '3'], '--depth'],
  ])('refuses %j', (commandLine, sentence) => {
    expect(() => readOptions(commandLine)).toThrow(UsageError);
    expect(() => readOptions(commandLine)).toThrow(sentence);
  });
});
