import type { Selectable } from 'kysely';
import { doneBy } from '../../../contracts/doneBy.ts';
import type { Generation, IndexDecision } from '../../../contracts/generations.ts';
import type { GenerationTables } from './generationTables.ts';

const time = (value: Date | null): string | null => value?.toISOString() ?? null;
const count = (value: string | null): number | null => (value === null ? null : Number(value));

export type GenerationRow = Selectable<GenerationTables['index_generations']> & { readonly pending: string };

export function toGeneration(row: GenerationRow): Generation {
  return {
    id: row.id,
    state: row.state,
    tenant: row.tenant,
    excluded: row.excluded,
    departures: row.departures,
    reason: row.reason,
    contract: row.contract,
    recut: row.recut,
    settings: row.settings,
    documents: count(row.documents),
    points: count(row.points),
    digest: row.digest,
    tokens: Number(row.tokens),
    maximumTokens: count(row.maximum_tokens),
    filledDocuments: Number(row.filled_documents),
    ...progressOf(row),
    pendingChanges: Number(row.pending),
    createdAt: row.created_at.toISOString(),
    servedFrom: time(row.served_from),
    retiredAt: time(row.retired_at),
    dropAfter: time(row.drop_after),
    droppedAt: time(row.dropped_at),
    failure: row.failure,
    recall: row.recall,
  };
}

function progressOf({ state, settings, created_at: begun, filled_documents: filled }: GenerationRow): Pick<Generation, 'expectedDocuments' | 'doneBy'> {
  const { expectedDocuments } = settings;
  if (typeof expectedDocuments !== 'number') return { expectedDocuments: null, doneBy: null };
  return { expectedDocuments, doneBy: state === 'building' ? time(doneBy({ begun, now: new Date(), filled: Number(filled), expected: expectedDocuments })) : null };
}

export function toDecision({ at, kind, decision, because, by, generation, tenant, statistics, still_ms: stillMs, report }: Selectable<GenerationTables['index_decisions']>): IndexDecision {
  return { at: at.toISOString(), kind, decision, because: [...because], by, generation, tenant, statistics, stillMs, report };
}
