import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { SourceRunRequest } from '../../contracts/ingestSource.ts';
import { ingestRequestSchema, maximumDocumentsPerRequest } from '../../contracts/jobs.ts';
import type { IngestRequest } from '../../contracts/jobs.ts';
import type { Principal } from '../../contracts/principal.ts';
import { originProblems, requireAllowed } from '../tenants/tenantRules.ts';
import { parseShape } from '../parseInput.ts';
import type { Candidate, CheckedDocument, Refusal } from './candidate.ts';
import { checkSources } from './checkSources.ts';
import type { SourceDependencies } from './checkSources.ts';
import { readCandidate } from './readCandidate.ts';

/** The request without its documents, which are read one by one so that each is named with its own problems. */
const envelopeSchema = z.strictObject({ ...ingestRequestSchema.shape, documents: z.array(z.unknown()).min(1).max(maximumDocumentsPerRequest) });

export interface ReadIngestRequest extends ReadRequest {
  readonly options: SourceRunRequest;
}

export interface ReadRequest {
  readonly documents: readonly CheckedDocument[];
  /** Only where the caller asked to skip invalid documents. */
  readonly invalid: readonly Refusal[];
}

/** Throws INVALID_REQUEST for the request as a whole, INVALID_DOCUMENTS that names every invalid document, or an outage. */
export async function readIngestRequest(dependencies: SourceDependencies, principal: Principal, body: unknown): Promise<ReadIngestRequest> {
  const { documents, onInvalid, ...options } = parseShape(envelopeSchema, body);
  return { ...(await readDocuments(dependencies, principal, documents, onInvalid)), options };
}

/** As above, for documents that join a job in work. */
export async function readAddedDocuments(dependencies: SourceDependencies, principal: Principal, body: unknown): Promise<ReadRequest> {
  const { documents, onInvalid } = parseShape(envelopeSchema.pick({ documents: true, onInvalid: true }), body);
  return readDocuments(dependencies, principal, documents, onInvalid);
}

async function readDocuments(dependencies: SourceDependencies, principal: Principal, sent: readonly unknown[], onInvalid: IngestRequest['onInvalid']): Promise<ReadRequest> {
  const { passed: candidates, refused: malformed } = separate<Candidate>(sent.map(readCandidate));
  requireAllowed(candidates.flatMap(({ type, index, request }) => originProblems(dependencies.tenantStandings.policyOf(principal.tenant), type, request, { origin: `/documents/${index}`, attributes: `/documents/${index}` })));
  const { passed: sourced, refused: unusable } = separate<CheckedDocument>(await checkSources(dependencies, principal.tenant, candidates));
  const { passed: documents, refused: repeated } = separate<CheckedDocument>(refuseRepetitions(sourced));
  const invalid = [...malformed, ...unusable, ...repeated].sort((left, right) => left.index - right.index);
  if (documents.length === 0 || (onInvalid === 'reject' && invalid.length > 0)) throw invalidDocuments(invalid, sent.length);
  return { documents, invalid };
}

function separate<Passed extends object>(results: readonly (Passed | Refusal)[]): { passed: Passed[]; refused: Refusal[] } {
  const passed: Passed[] = [];
  const refused: Refusal[] = [];
  for (const result of results) {
    if (isRefusal(result)) refused.push(result);
    else passed.push(result);
  }
  return { passed, refused };
}

function isRefusal(result: object): result is Refusal {
  return 'problems' in result;
}

/** The first of several requests for one document stands. */
function refuseRepetitions(documents: readonly CheckedDocument[]): (CheckedDocument | Refusal)[] {
  const firstOf = new Map<string, number>();
  return documents.map((document) => {
    const first = firstOf.get(document.documentId);
    if (first === undefined) {
      firstOf.set(document.documentId, document.index);
      return document;
    }
    const { index } = document;
    return { index, problems: [{ pointer: `/documents/${index}`, code: 'DUPLICATE_DOCUMENT', detail: `This is the same document as /documents/${first}.` }] };
  });
}

function invalidDocuments(invalid: readonly Refusal[], total: number): CatalystError {
  return new CatalystError('INVALID_DOCUMENTS', `${invalid.length} of ${total} documents ${invalid.length === 1 ? 'is' : 'are'} invalid; nothing was ingested.`, {
    problems: invalid.flatMap((refusal) => refusal.problems),
  });
}
