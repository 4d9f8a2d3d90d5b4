import { dealt, seededRandom } from './random.ts';
import type { Random } from './random.ts';

export const killTargets = ['worker', 'api', 'temporal', 'qdrant', 'postgres', 's3'] as const;
export type KillTarget = (typeof killTargets)[number];

/** Connections that lead through a proxy: of the client to the API, and of API and worker to everything else. */
export const linkNames = ['api', 'temporal', 'postgres', 's3', 'qdrant', 'embedder'] as const;
export type LinkName = (typeof linkNames)[number];

/**
 * `cut`: all connections are reset. `refuse`: reset, and nobody can connect for a while. `slow`: latency and narrow bandwidth.
 * `stall`: nothing passes for a while, though all stays connected. `forget`: the connections of this moment never pass a byte
 * again and are never closed, as when a device on the way loses its tables.
 */
export type Fault =
  | { readonly kind: 'cut' }
  | { readonly kind: 'refuse'; readonly milliseconds: number }
  | { readonly kind: 'slow'; readonly milliseconds: number; readonly latencyMs: number; readonly bytesPerSecond: number }
  | { readonly kind: 'stall'; readonly milliseconds: number }
  | { readonly kind: 'forget' };
export type FaultKind = Fault['kind'];
export const faultKinds = ['cut', 'refuse', 'slow', 'stall', 'forget'] as const satisfies readonly FaultKind[];

/** Before the API is killed a request is sent to it; the kill follows that many milliseconds later. */
export type Action = { readonly type: 'kill'; readonly target: KillTarget; readonly afterRequestMs?: number } | { readonly type: 'fault'; readonly target: LinkName; readonly fault: Fault };

/** Something that is done to the stack while it works. */
export interface Step {
  /** Due once so many documents are done … */
  readonly afterDocuments: number;
  /** … or this long after the step before, if the work stands still until then. */
  readonly patienceMs: number;
  /** Waited once due, so that the moment does not fall together with the end of a document. */
  readonly delayMs: number;
  readonly action: Action;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly kills: number;
  readonly faults: number;
  /** Documents of the run. */
  readonly documents: number;
  readonly kinds?: readonly FaultKind[];
  readonly patienceMs?: number;
}

/** Steps lie between these parts of the documents, so that what is disturbed is work. */
const firstAt = 0.02;
const lastAt = 0.85;

/** The same options give the same steps. Targets and kinds of faults take turns in random order. */
export function makeSchedule(options: ScheduleOptions): Step[] {
  const random = seededRandom(options.seed);
  const kills = dealt(random, killTargets, options.kills).map((target): Action => ({ type: 'kill', target, ...(target === 'api' ? { afterRequestMs: random.integer(0, 150) } : {}) }));
  const kinds = dealt(random, options.kinds ?? faultKinds, options.faults);
  const links = dealt(random, linkNames, options.faults);
  const faults = kinds.map((kind, turn): Action => ({ type: 'fault', target: links[turn] as LinkName, fault: makeFault(random, kind) }));
  const actions = random.shuffle([...kills, ...faults]);
  return actions.map((action, turn) => ({
    afterDocuments: Math.round(options.documents * (firstAt + ((lastAt - firstAt) * (turn + random.next())) / actions.length)),
    patienceMs: Math.round((options.patienceMs ?? 30_000) * (0.5 + random.next() / 2)),
    delayMs: random.integer(0, 400),
    action,
  }));
}

function makeFault(random: Random, kind: FaultKind): Fault {
  switch (kind) {
    case 'cut':
    case 'forget':
      return { kind };
    case 'refuse':
    case 'stall':
      return { kind, milliseconds: random.integer(500, 4_000) };
    case 'slow':
      return { kind, milliseconds: random.integer(1_000, 5_000), latencyMs: random.integer(20, 250), bytesPerSecond: random.integer(50, 1_000) * 1_000 };
  }
}

/** A step in a few words, for logs and reports. */
export function describeAction(action: Action): string {
  if (action.type === 'kill') return `kill -9 ${action.target}`;
  const { fault, target } = action;
  const duration = 'milliseconds' in fault ? ` for ${fault.milliseconds} ms` : '';
  const how = fault.kind === 'slow' ? ` (${fault.latencyMs} ms, ${fault.bytesPerSecond / 1_000} kB/s)` : '';
  return `${fault.kind} connections to ${target}${duration}${how}`;
}
