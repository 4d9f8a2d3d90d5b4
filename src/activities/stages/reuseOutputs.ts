import type { ArtifactKind, ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { ArtifactEntry } from '../../ports/artifactStore.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { attempt } from './stage.ts';
import type { StageOutcome, StageRun } from './stage.ts';

export interface PureStep<Input> {
  readonly kind: ArtifactKind;
  readonly keyOf: (input: Input) => Digest;
  /** Whether what was made before is as good as making it; without it, it always is. */
  readonly mayReuse?: (input: Input) => boolean;
  /** Makes the outputs of the inputs that have none yet; a failure of one is an outcome of its own. */
  readonly make: (inputs: readonly Input[]) => Promise<readonly (ArtifactEntry | Error)[]>;
}

/**
 * Runs a pure step for those documents whose output is not stored yet, stores the new outputs together as one object,
 * and remembers them under their keys, so that no step of the same input runs twice.
 */
export async function reuseOrMake<Input extends { readonly index: number }, Ready>(
  dependencies: Pick<ActivityDependencies, 'stageOutputs' | 'artifacts'>,
  tenant: string,
  inputs: readonly Input[],
  step: PureStep<Input>,
  toReady: (input: Input, reference: ArtifactReference) => Ready,
): Promise<StageRun<Ready>> {
  const keys = inputs.map(step.keyOf);
  const { mayReuse = () => true } = step;
  const found = await dependencies.stageOutputs.find(tenant, keys.filter((_, position) => mayReuse(inputs[position] as Input)));
  const missing = inputs.filter((_, position) => !found.has(keys[position] as Digest));
  const made = missing.length === 0 ? [] : await step.make(missing);
  const failures = new Map<number, Error>();
  const entries: { readonly key: Digest; readonly entry: ArtifactEntry }[] = [];
  missing.forEach((input, position) => {
    const output = made[position];
    if (output === undefined) throw new CatalystError('INTERNAL', 'A step made fewer outputs than it had inputs.');
    if (output instanceof Error) failures.set(input.index, output);
    else entries.push({ key: step.keyOf(input), entry: output });
  });
  const references = new Map([...found, ...(await storeOutputs(dependencies, tenant, step.kind, entries))]);
  const outcomes = await Promise.all(
    inputs.map((input, position) =>
      attempt<Ready>(input.index, () => {
        const failure = failures.get(input.index);
        if (failure !== undefined) return Promise.reject(failure);
        return Promise.resolve<StageOutcome<Ready>>({ ready: toReady(input, references.get(keys[position] as Digest) as ArtifactReference) });
      }),
    ),
  );
  return { outcomes, reused: inputs.length - missing.length };
}

async function storeOutputs(
  dependencies: Pick<ActivityDependencies, 'stageOutputs' | 'artifacts'>,
  tenant: string,
  kind: ArtifactKind,
  outputs: readonly { readonly key: Digest; readonly entry: ArtifactEntry }[],
): Promise<(readonly [Digest, ArtifactReference])[]> {
  if (outputs.length === 0) return [];
  const references = await dependencies.artifacts.putAll(tenant, kind, outputs.map(({ entry }) => entry));
  const stored = outputs.map(({ key }, position) => ({ key, reference: references[position] as ArtifactReference }));
  // Two documents of one slice may have equal content, and so the same key.
  await dependencies.stageOutputs.record(tenant, [...new Map(stored.map((output) => [output.key, output])).values()]);
  return stored.map(({ key, reference }) => [key, reference] as const);
}

/** A failure that concerns one input alone as a value; an outage is thrown. */
export async function settle<Result>(work: () => Promise<Result>): Promise<Result | Error> {
  try {
    return await work();
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}
