import { seededRandom } from '../../chaos/schedule/random.ts';
import { mean } from '../metrics.ts';
import { compareScores } from './compareScores.ts';
import type { ScoreComparison } from './compareScores.ts';

/** Scores by configuration name, then by query id. The order of configurations decides between equal ones: the first wins. */
export type ScoresByConfiguration = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface ScoredCollection {
  readonly name: string;
  readonly scores: ScoresByConfiguration;
}

export interface ChoiceOptions {
  readonly folds: number;
  readonly seed: number;
  /** The configuration that the choice is compared with, held out like it. */
  readonly baseline: string;
}

export interface FoldChoice {
  /** The best configuration on the queries of all other folds. */
  readonly configuration: string;
  readonly trainingScore: number;
  /** Of that configuration, on the queries of this fold. */
  readonly heldOutScore: number;
}

export interface CollectionChoice {
  readonly name: string;
  /** Before: the baseline. After: for each query, the configuration that was chosen without it. */
  readonly againstBaseline: ScoreComparison;
}

export interface CrossValidatedChoice extends ChoiceOptions {
  readonly perFold: readonly FoldChoice[];
  readonly perCollection: readonly CollectionChoice[];
  /** What to expect of choosing this way on queries that took no part in it. */
  readonly heldOutScore: number;
  /** The best configuration on all queries: the one to take. */
  readonly chosen: string;
  /** Its score on the queries that chose it: too good by what the choice fitted to chance. */
  readonly scoreOnAll: number;
}

/**
 * Chooses the best of several configurations, and says what choosing so is worth on queries that it has not seen: k folds,
 * drawn by seed over the queries of each collection. Collections weigh alike, whatever their number of queries.
 * Throws an Error where configurations were not measured on the same queries, or there are too few for the folds.
 */
export function chooseByCrossValidation(collections: readonly ScoredCollection[], options: ChoiceOptions): CrossValidatedChoice {
  const names = commonConfigurations(collections, options.baseline);
  const folds = foldsOf(collections, options);
  const all = collections.map(({ scores }) => queryIdsOf(scores));
  const perFold: FoldChoice[] = [];
  const heldOut = collections.map(() => new Map<string, number>());
  for (const fold of folds) {
    const training = all.map((ids, index) => ids.filter((id) => !fold[index]?.has(id)));
    const { name, score } = best(collections, names, training);
    const kept = fold.map((ids) => [...ids]);
    perFold.push({ configuration: name, trainingScore: score, heldOutScore: scoreOf(collections, name, kept) });
    for (const [index, ids] of kept.entries()) for (const id of ids) heldOut[index]?.set(id, scoreFor(collections[index], name, id));
  }
  const { name: chosen, score: scoreOnAll } = best(collections, names, all);
  return {
    ...options, perFold, chosen, scoreOnAll,
    perCollection: collections.map((collection, index) => ({ name: collection.name, againstBaseline: againstBaseline(collection, heldOut[index] ?? new Map<string, number>(), options) })),
    heldOutScore: mean(heldOut.map((scores) => mean([...scores.values()]))),
  };
}

function best(collections: readonly ScoredCollection[], names: readonly string[], queries: readonly (readonly string[])[]): { readonly name: string; readonly score: number } {
  return names
    .map((name) => ({ name, score: scoreOf(collections, name, queries) }))
    // Two orders of one sum are no difference: the earlier configuration stays.
    .reduce((leader, next) => (next.score > leader.score + 1e-12 ? next : leader));
}

/** Mean over the collections of the mean over the given queries of each; a collection without any takes no part. */
function scoreOf(collections: readonly ScoredCollection[], name: string, queries: readonly (readonly string[])[]): number {
  const means = collections.flatMap((collection, index) => {
    const ids = queries[index] ?? [];
    return ids.length === 0 ? [] : [mean(ids.map((id) => scoreFor(collection, name, id)))];
  });
  return mean(means);
}

function scoreFor(collection: ScoredCollection | undefined, name: string, queryId: string): number {
  const score = collection?.scores.get(name)?.get(queryId);
  if (score === undefined) throw new Error(`"${name}" was not measured on query ${queryId} of ${collection?.name}.`);
  return score;
}

function againstBaseline(collection: ScoredCollection, heldOut: ReadonlyMap<string, number>, { baseline, seed }: ChoiceOptions): ScoreComparison {
  const pairs = [...heldOut].map(([queryId, after]) => ({ queryId, before: scoreFor(collection, baseline, queryId), after }));
  return compareScores(pairs, { seed, samples: 10_000 });
}

/** For each fold, and in it for each collection, the queries that are held out. */
function foldsOf(collections: readonly ScoredCollection[], { folds, seed }: ChoiceOptions): ReadonlySet<string>[][] {
  if (!Number.isInteger(folds) || folds < 2) throw new Error('There must be at least 2 folds.');
  const random = seededRandom(seed);
  // Sorted before they are dealt: the order in which queries were answered must not change the folds.
  const dealt = collections.map(({ name, scores }) => {
    const ids = random.shuffle(queryIdsOf(scores).sort());
    if (ids.length < folds) throw new Error(`${name} has ${ids.length} queries, too few for ${folds} folds.`);
    return ids;
  });
  return Array.from({ length: folds }, (_, fold) => dealt.map((ids) => new Set(ids.filter((_id, position) => position % folds === fold))));
}

function queryIdsOf(scores: ScoresByConfiguration): string[] {
  const [first] = scores.values();
  return [...(first ?? new Map<string, number>()).keys()];
}

/** Configurations that all collections have, in the order of the first. */
function commonConfigurations(collections: readonly ScoredCollection[], baseline: string): string[] {
  const [first, ...others] = collections;
  const names = [...(first?.scores.keys() ?? [])].filter((name) => others.every(({ scores }) => scores.has(name)));
  if (!names.includes(baseline)) throw new Error(`"${baseline}", which the choice is compared with, was not measured on ${collections.length === 1 ? first?.name : 'every collection'}.`);
  return names;
}
