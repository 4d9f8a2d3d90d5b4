import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { toCatalystError } from '../../contracts/errors.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { ArtifactStore } from '../../ports/artifactStore.ts';

/** Larger ones are read as a stream, in bounded memory. */
const largestInMemory = 16 * 1024 * 1024;

export type ReferenceState = 'fine' | 'missing' | 'corrupted';

type Reading = Pick<ArtifactStore, 'getAll' | 'openStream'>;

/** Whether the bytes of each are there and are those of its digest. */
export async function stateOfReferences(artifacts: Reading, tenant: string, references: readonly ArtifactReference[]): Promise<ReferenceState[]> {
  const small = references.filter(({ length }) => length <= largestInMemory);
  // As a rule all are fine, and lie side by side.
  const together = small.length === 0 || (await stateOf(() => artifacts.getAll(tenant, small))) === 'fine';
  const states: ReferenceState[] = [];
  for (const reference of references) {
    if (reference.length > largestInMemory) states.push(await stateOf(() => drain(artifacts, tenant, reference)));
    else states.push(together ? 'fine' : await stateOf(() => artifacts.getAll(tenant, [reference])));
  }
  return states;
}

async function stateOf(read: () => Promise<unknown>): Promise<ReferenceState> {
  try {
    await read();
    return 'fine';
  } catch (thrown) {
    if (!isLoss(thrown)) throw thrown;
    return toCatalystError(thrown).code === 'ARTIFACT_NOT_FOUND' ? 'missing' : 'corrupted';
  }
}

async function drain(artifacts: Reading, tenant: string, reference: ArtifactReference): Promise<void> {
  await pipeline(await artifacts.openStream(tenant, reference), new Writable({ write: (_bytes, _encoding, done) => done() }));
}
