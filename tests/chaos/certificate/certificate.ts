import { faultKinds, killTargets, linkNames } from '../schedule/schedule.ts';
import type { Action } from '../schedule/schedule.ts';
import type { Deed } from '../run/disturb.ts';
import type { IngestionRun } from '../run/ingestionRun.ts';
import type { Leftovers } from '../snapshot/snapshot.ts';
import { differencesBetween } from './compare.ts';
import { embeddedAgain } from './embeddedAgain.ts';
import type { EmbeddedAgain } from './embeddedAgain.ts';

/** What a run proves, in figures. */
export interface Certificate {
  /** Processes that were killed with -9 while documents were in work. */
  readonly kills: number;
  /** Times that connections were cut, refused, slowed, stalled or forgotten while documents were in work. */
  readonly faults: number;
  readonly documents: number;
  readonly chunks: number;
  /** What the disturbed run holds otherwise than the undisturbed one. */
  readonly differences: number;
  /** Tokens embedded beyond those of the undisturbed run, as a share of those. */
  readonly reembeddedShare: number;
  readonly seed: number;
  readonly killsByTarget: Readonly<Record<string, number>>;
  readonly faultsByKind: Readonly<Record<string, number>>;
  readonly faultsByConnection: Readonly<Record<string, number>>;
  /** Steps that found nothing in work, or nothing to hit; they do not count. */
  readonly missed: number;
  readonly embedding: Omit<EmbeddedAgain, 'share'>;
  readonly requestsSentAgain: number;
  readonly jobs: { readonly undisturbed: number; readonly disturbed: number };
  readonly searches: { readonly found: number; readonly refused: number; readonly wrong: number };
  readonly leftovers: Leftovers;
  readonly seconds: { readonly undisturbed: number; readonly disturbed: number };
  /** The first differences in words. */
  readonly examples: readonly string[];
}

const shownDifferences = 50;

export function certify(seed: number, undisturbed: IngestionRun, disturbed: IngestionRun): Certificate {
  const { searches, snapshot } = disturbed;
  const done = disturbed.deeds.filter(({ hit, inWork }) => hit && inWork);
  const count = (wanted: (action: Action) => boolean): number => done.filter(({ step }) => wanted(step.action)).length;
  const countEach = <Name extends string>(names: readonly Name[], wanted: (action: Action, name: Name) => boolean): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, count((action) => wanted(action, name))]));
  const differences = [...differencesBetween(undisturbed.snapshot, snapshot), ...searches.wrong.map((answer) => `search: ${answer}`)];
  const { share, ...embedding } = embeddedAgain(snapshot.texts, undisturbed.embedded, disturbed.embedded);
  return {
    kills: count(({ type }) => type === 'kill'),
    faults: count(({ type }) => type === 'fault'),
    documents: snapshot.documents,
    chunks: snapshot.chunks,
    differences: differences.length,
    reembeddedShare: Number(share.toFixed(5)),
    seed,
    killsByTarget: countEach(killTargets, (action, name) => action.type === 'kill' && action.target === name),
    faultsByKind: countEach(faultKinds, (action, name) => action.type === 'fault' && action.fault.kind === name),
    faultsByConnection: countEach(linkNames, (action, name) => action.type === 'fault' && action.target === name),
    missed: missedOf(disturbed.deeds),
    embedding,
    requestsSentAgain: disturbed.resent,
    jobs: { undisturbed: undisturbed.snapshot.jobs, disturbed: snapshot.jobs },
    searches: { found: searches.found, refused: searches.refused, wrong: searches.wrong.length },
    leftovers: snapshot.leftovers,
    seconds: { undisturbed: undisturbed.seconds, disturbed: disturbed.seconds },
    examples: differences.slice(0, shownDifferences),
  };
}

function missedOf(deeds: readonly Deed[]): number {
  return deeds.filter(({ hit, inWork }) => !hit || !inWork).length;
}
