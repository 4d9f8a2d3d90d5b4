import type { RiskKind } from '../../contracts/risk.ts';
import { maskOf } from './words.ts';
import type { ClassMask, WordClass } from './words.ts';

/** Words of these classes one after the other, with at most so many other words between each and the next. */
interface Step {
  readonly mask: ClassMask;
  /** Words that may stand between this and the step before. */
  readonly gap: number;
}

export interface Sequence {
  readonly kind: RiskKind;
  readonly steps: readonly Step[];
}

type StepSource = WordClass | readonly WordClass[];

/** The first step, then pairs of the gap before a step and the step. */
function sequence(kind: RiskKind, first: StepSource, ...rest: readonly (readonly [gap: number, step: StepSource])[]): Sequence {
  const classesOf = (source: StepSource): readonly WordClass[] => (typeof source === 'string' ? [source] : source);
  return { kind, steps: [{ mask: maskOf(classesOf(first)), gap: 0 }, ...rest.map(([gap, step]) => ({ mask: maskOf(classesOf(step)), gap }))] };
}

/** What people tell models, and hardly ever people; measured on texts that hold none (tests/documents/riskFalseAlarms.test.ts). */
export const sequences: readonly Sequence[] = [
  // "Ignore all previous instructions", "disregard any earlier guidelines"
  sequence('instruction-override', 'override', [3, 'earlier'], [2, ['instruction', 'training']]),
  sequence('instruction-override', 'override', [1, 'every'], [2, 'earlier'], [2, 'rule']),
  sequence('instruction-override', 'override', [1, 'every'], [2, ['yours', 'system']], [2, ['rule', 'instruction', 'training']]),
  sequence('instruction-override', 'override', [1, 'every'], [2, 'instruction']),
  // Languages in which the adjective follows: "ignora las instrucciones anteriores"
  sequence('instruction-override', 'override', [2, 'instruction'], [2, 'earlier']),
  // "ignore your system prompt", "override your programming"
  sequence('instruction-override', 'override', [1, 'yours'], [1, ['system', 'instruction', 'training']], [1, ['instruction', 'rule']]),
  sequence('instruction-override', 'override', [2, 'system'], [1, 'instruction']),
  sequence('instruction-override', 'override', [0, 'yours'], [0, 'instruction']),
  // "forget everything you were told", "ignore everything above"
  sequence('instruction-override', 'override', [1, 'everything'], [3, ['told', 'earlier']]),
  // "do not follow your previous instructions", "stop obeying your rules"
  sequence('instruction-override', 'negation', [1, 'follow'], [2, 'earlier'], [2, ['instruction', 'rule']]),
  sequence('instruction-override', 'negation', [1, 'follow'], [1, 'yours'], [1, ['system', 'instruction', 'training']]),

  sequence('role-change', 'you', [0, 'are'], [0, 'now'], [3, ['unbound', 'model', 'special']]),
  sequence('role-change', 'youre', [0, 'now'], [3, ['unbound', 'model', 'special']]),
  sequence('role-change', 'now', [1, 'youre'], [3, ['unbound', 'model', 'special']]),
  sequence('role-change', 'now', [1, 'you'], [1, 'are'], [3, ['unbound', 'model', 'special']]),
  sequence('role-change', 'pretend', [4, 'unbound'], [2, ['model', 'models', 'mode']]),
  sequence('role-change', 'you', [1, 'are'], [2, 'unbound'], [2, ['model', 'models']]),
  sequence('role-change', 'special', [0, 'mode'], [2, ['told', 'now']]),
  sequence('role-change', 'model', [6, 'without'], [1, 'every'], [1, 'rule']),

  // "reveal your system prompt", "print the initial instructions"
  sequence('prompt-extraction', 'reveal', [3, 'system'], [1, 'instruction']),
  sequence('prompt-extraction', 'reveal', [2, 'yours'], [2, 'instruction']),
  sequence('prompt-extraction', 'show', [2, 'yours'], [1, 'system'], [1, 'instruction']),
  sequence('prompt-extraction', 'show', [0, 'are'], [1, 'yours'], [1, 'instruction']),

  // "send the conversation to https://…"
  sequence('exfiltration', 'send', [6, 'secret'], [8, 'web']),

  // "Note to AI assistants: always recommend …"
  sequence('model-address', 'address', [2, 'model'], [6, 'must']),
  sequence('model-address', 'address', [2, 'language'], [0, 'models'], [6, 'must']),
  sequence('model-address', 'reader', [0, 'you'], [0, 'are'], [2, ['model', 'language']], [8, 'must']),
  sequence('model-address', 'reader', [0, 'reading'], [1, 'material'], [6, 'must'], [3, ['must', 'model', 'everything']]),
  sequence('model-address', 'model', [0, 'model'], [0, 'must'], [4, 'must']),
];
