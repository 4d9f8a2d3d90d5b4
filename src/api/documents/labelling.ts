import type { LabelChange } from '../../contracts/labels.ts';
import { toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { newIdentifier } from '../../contracts/identifiers.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { LabelRegistry } from '../../ports/labelRegistry.ts';
import type { VectorIndex } from '../../ports/vectorIndex.ts';
import type { WorkflowStarter } from '../../ports/workflowStarter.ts';
import type { WorkOutbox } from '../../ports/workOutbox.ts';

export interface Labelling {
  /** Throws NOT_FOUND, REGISTRY_UNAVAILABLE. What it answers is stored, and searches follow. */
  change(principal: Principal, documents: readonly string[], labels: readonly string[] | null): Promise<LabelChange>;
  /** Has the index follow a change that was stored. Throws INDEX_UNAVAILABLE, REGISTRY_UNAVAILABLE; done again it does no harm. */
  apply(tenant: string, changeId: string): Promise<void>;
}

export interface LabellingOptions {
  readonly labels: LabelRegistry;
  readonly index: Pick<VectorIndex, 'setLabels'>;
  readonly outbox: Pick<WorkOutbox, 'find' | 'remove'>;
  readonly emit: EventSink;
}

/** The change is stored with a row of the outbox; then the index follows within the request where it can, else as soon as it answers the relay. */
export function createLabelling({ labels, index, outbox, emit }: LabellingOptions): Labelling {
  const apply = (tenant: string, changeId: string) => labels.apply(tenant, changeId, (versions, wanted) => index.setLabels(tenant, versions, wanted));

  async function applyNow(tenant: string, changeId: string): Promise<boolean> {
    try {
      await apply(tenant, changeId);
    } catch (thrown) {
      const { code, message } = toCatalystError(thrown);
      emit({ type: 'dependency.failed', dependency: code === 'REGISTRY_UNAVAILABLE' ? 'postgres' : 'qdrant', code, detail: `The change of labels ${changeId} stays in the outbox: ${message}` });
      return false;
    }
    // A row that stays is applied again, to no effect.
    await outbox.find(changeId).then((work) => (work === undefined ? undefined : outbox.remove(work))).catch(() => undefined);
    return true;
  }

  return {
    apply,
    async change(principal, documents, wanted) {
      const id = newIdentifier();
      const changed = await labels.change(principal, { id, documents, labels: wanted });
      return { id, documents: changed, labels: wanted === null ? null : [...wanted], inSearch: await applyNow(principal.tenant, id) };
    },
  };
}

/** Work of the outbox that is a change of labels is done here; all else is a workflow's. */
export function startingLabels(workflows: WorkflowStarter, labelling: Pick<Labelling, 'apply'>): WorkflowStarter {
  return {
    start: (work) => (work.kind === 'labels' ? labelling.apply(work.tenant, work.id) : workflows.start(work)),
    wake: (tenant, jobId) => workflows.wake(tenant, jobId),
  };
}
