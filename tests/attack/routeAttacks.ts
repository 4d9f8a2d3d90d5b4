import { randomUUID } from 'node:crypto';
import type { FieldKind } from './foreignValues.ts';
import { commonQuery } from './holdings.ts';
import type { Holdings } from './holdings.ts';

/** What a request is made of, before a field of it is exchanged. */
export interface RequestParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How one field is attacked: what it names, and the request with it where the field is not in the path, query or headers. */
export type FieldAttack = FieldKind | { readonly kind: FieldKind; readonly with: (value: string, own: Holdings) => RequestParts };

export interface RouteAttack {
  /** A request of the attacker about what is its own. */
  readonly own?: (own: Holdings) => RequestParts;
  readonly fields: Readonly<Record<string, FieldAttack>>;
  /** Nothing changes by it: the owner asks the same, to see that the ids are real ones. */
  readonly reads?: true;
  /** The request of its own would change the attacker's things that others of the attacks need. */
  readonly spares?: true;
}

type Bodies = (search: object) => unknown;

/** The fields of a search, wherever in the body it stands. */
function searchFields(at: string, body: Bodies): Record<string, FieldAttack> {
  const with_ = (kind: FieldKind, search: (value: string) => object): FieldAttack => ({ kind, with: (value) => ({ body: body({ query: commonQuery, limit: 20, facets: ['tags', 'metadata.owner'], ...search(value) }) }) });
  const filters = (under: (filter: object) => object): Record<string, FieldAttack> => ({
    [`documents/[]`]: with_('identifier', (value) => ({ filters: under({ documents: [value] }) })),
    [`source/location`]: with_('location', (value) => ({ filters: under({ source: { location: value } }) })),
    [`source/locationPrefix`]: with_('location', (value) => ({ filters: under({ source: { locationPrefix: value } }) })),
    [`source/host`]: with_('host', (value) => ({ filters: under({ source: { host: value } }) })),
    [`metadata/{value}/prefix`]: with_('metadataText', (value) => ({ filters: under({ metadata: { owner: { prefix: value } } }) })),
  });
  const prefixed = (prefix: string, fields: Record<string, FieldAttack>) => Object.fromEntries(Object.entries(fields).map(([name, attack]) => [`${at}${prefix}${name}`, attack]));
  return {
    ...prefixed('', { cursor: with_('searchCursor', (value) => ({ cursor: value, limit: 1, facets: undefined })) }),
    ...prefixed('filters/', filters((filter) => filter)),
    ...prefixed('filters/not/', filters((filter) => ({ not: filter }))),
    ...prefixed('boosts/', boostFields((boosts) => ({ query: commonQuery, limit: 20, boosts }), body)),
  };
}

function boostFields(around: (boosts: object) => object, body: Bodies): Record<string, FieldAttack> {
  return {
    'sources/[]/prefix': { kind: 'location', with: (value) => ({ body: body(around({ sources: [{ prefix: value, weight: 0.5 }] })) }) },
    'documents/{key}': { kind: 'identifier', with: (value) => ({ body: body(around({ documents: { [value]: 0.5 } })) }) },
  };
}

const without = (fields: Record<string, FieldAttack>, ...names: string[]): Record<string, FieldAttack> => Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** The fields of documents to be ingested. */
function documentFields(more: (own: Holdings) => RequestParts = () => ({})): Record<string, FieldAttack> {
  const documents = (kind: FieldKind, document: (value: string) => object): FieldAttack => ({ kind, with: (value, own) => ({ ...more(own), body: { documents: [document(value)] } }) });
  return {
    'body/documents/[]/id': documents('chosenId', (value) => ({ id: value, text: 'Something of my own.' })),
    'body/documents/[]/uploadId': documents('identifier', (value) => ({ uploadId: value })),
    'body/documents/[]/artifactUri': documents('artifactUri', (value) => ({ artifactUri: value })),
  };
}

const bucketFields = (around: (definition: object) => object, more: (own: Holdings) => RequestParts = () => ({})): Record<string, FieldAttack> => ({
  'body/definition/bucket': { kind: 'bucketName', with: (value, own) => ({ ...more(own), body: around({ type: 'bucket', bucket: value }) }) },
  'body/definition/prefix': { kind: 'keyPrefix', with: (value, own) => ({ ...more(own), body: around({ type: 'bucket', bucket: 'catalyst', prefix: value }) }) },
});

const asSource = (definition: object) => ({ name: 'mine', definition });
const website = { type: 'website', url: 'https://mine.example/' };

const onJob = (body?: unknown): RouteAttack => ({ own: ({ identifiers }) => ({ path: { jobId: identifiers.job }, ...(body === undefined ? {} : { body }) }), fields: { 'path/jobId': 'identifier' }, spares: true });
const onSource = (body?: unknown): RouteAttack => ({ own: ({ identifiers }) => ({ path: { sourceId: identifiers.source }, ...(body === undefined ? {} : { body }) }), fields: { 'path/sourceId': 'identifier' }, spares: true });
const onTenant = (body?: unknown): RouteAttack => ({ own: ({ tenant }) => ({ path: { tenant }, ...(body === undefined ? {} : { body }) }), fields: { 'path/tenant': 'tenantName' } });
const reading = ({ own, fields }: RouteAttack): RouteAttack => ({ ...(own === undefined ? {} : { own }), fields, reads: true });
const list = (fields: Record<string, FieldAttack> = {}): RouteAttack => ({ fields: { 'query/cursor': 'listCursor', ...fields }, reads: true });
const open: RouteAttack = { fields: {}, reads: true };
const onDocument = (query: RequestParts = {}): Pick<RouteAttack, 'own'> => ({ own: ({ identifiers }) => ({ path: { documentId: identifiers.document, kind: 'text' }, ...query }) });

/** A receipt that nobody was given. */
function receiptWith(parts: { readonly line?: object; readonly content?: object }): object {
  const nobody = '0190a000-0000-7000-8000-000000000001';
  const line = { chunkId: nobody, documentId: nobody, versionId: nobody, digest: `sha256:${'0'.repeat(64)}`, score: 1, dense: 1, sparse: null, fused: 1, rerank: null, ...parts.line };
  return {
    version: 1, tenant: 'nobody', asOf: '2026-01-01T00:00:00.000Z', request: { query: commonQuery }, caller: { policies: [], tiers: null }, generation: 'none', contract: 'none',
    settings: { fusion: { method: 'similarity', denseWeight: 0.5, rankConstant: 60 }, legDepth: 10, poolSize: 10, maximumRounds: 1 }, rerank: 'none', boosts: {}, tenantSettings: 0, synonyms: null,
    query: { dense: null, sparse: null }, degraded: [], results: [line], key: 'none', seal: '00', ...parts.content,
  };
}

function receiptFields(): Record<string, FieldAttack> {
  const named = (name: 'chunkId' | 'documentId' | 'versionId'): FieldAttack => ({ kind: 'identifier', with: (value) => ({ body: { receipt: receiptWith({ line: { [name]: value } }) } }) });
  return {
    'body/receipt/results/[]/chunkId': named('chunkId'),
    'body/receipt/results/[]/documentId': named('documentId'),
    'body/receipt/results/[]/versionId': named('versionId'),
    'body/receipt/tenant': { kind: 'tenantName', with: (value) => ({ body: { receipt: receiptWith({ content: { tenant: value } }) } }) },
    'body/receipt/version': 'closed',
  };
}

/** Every operation of the OpenAPI document, with every field of it that can name a thing of a tenant. The suite fails where one is missing. */
export const routeAttacks: Readonly<Record<string, RouteAttack>> = {
  search: { own: () => ({ body: { query: commonQuery } }), fields: searchFields('body/', (search) => search), reads: true },
  searchBatch: { own: () => ({ body: { searches: [{ query: commonQuery }] } }), fields: searchFields('body/searches/[]/', (search) => ({ searches: [search, search] })), reads: true },
  debugSearch: { own: () => ({ body: { query: commonQuery } }), fields: searchFields('body/', (search) => search), reads: true },
  searchSimilar: {
    own: ({ identifiers }) => ({ body: { documentId: identifiers.document } }),
    fields: {
      ...without(similarFields(), 'body/cursor'),
      'body/documentId': { kind: 'identifier', with: (value) => ({ body: { documentId: value } }) },
    },
    reads: true,
  },
  // None of these can be exchanged: the receipt is sealed, and refused whole.
  replaySearch: { own: () => ({ body: { receipt: receiptWith({}) } }), fields: receiptFields(), reads: true },
  suggest: { own: () => ({ query: { q: 'lan' } }), fields: {}, reads: true },
  getSynonyms: open,
  setSynonyms: { own: () => ({ body: { groups: [['quay', 'pier']] } }), fields: {} },
  deleteSynonyms: { fields: {} },
  getSearchSettings: open,
  setSearchSettings: { own: () => ({ body: {} }), fields: Object.fromEntries(Object.entries(boostFields((boosts) => ({ boosts }), (body) => body)).map(([name, attack]) => [`body/boosts/${name}`, attack])) },
  deleteSearchSettings: { fields: {} },
  uploadFiles: { fields: {}, spares: true },
  ingestDocuments: { own: () => ({ body: { documents: [{ text: 'Something of my own.' }], dryRun: true } }), fields: documentFields() },
  ingestSource: { own: () => ({ body: { definition: website, dryRun: true } }), fields: bucketFields((definition) => ({ definition })), spares: true },
  estimateIngestion: { own: () => ({ body: { documents: [{ text: 'Something of my own.' }] } }), fields: documentFields(), reads: true },
  ingestInProcess: { own: () => ({ body: { documents: [{ text: 'Something of my own.' }] } }), fields: documentFields() },
  listJobs: list({ 'query/sourceId': 'identifier' }),
  getJob: reading(onJob()),
  getJobProgress: reading(onJob()),
  changeJob: onJob({ concurrency: 3 }),
  listJobDocuments: reading({ ...onJob(), fields: { 'path/jobId': 'identifier', 'query/cursor': 'listCursor' } }),
  addJobDocuments: {
    own: ({ identifiers }) => ({ path: { jobId: identifiers.restingJob }, body: { documents: [{ text: 'One more of my own.' }] } }),
    fields: { 'path/jobId': 'identifier', ...documentFields(({ identifiers }) => ({ path: { jobId: identifiers.restingJob } })) },
    spares: true,
  },
  streamJobEvents: reading({ ...onJob(), fields: { 'path/jobId': 'identifier', 'header/Last-Event-ID': 'eventId' } }),
  pauseJob: onJob(),
  resumeJob: onJob(),
  approveJob: onJob({}),
  cancelJob: onJob({ mode: 'undo' }),
  retryJob: onJob({}),
  listDeadLetters: list({ 'query/jobId': 'identifier' }),
  summariseDeadLetters: open,
  replayDeadLetters: {
    own: () => ({ body: {} }),
    fields: {
      'body/jobId': { kind: 'identifier', with: (value) => ({ body: { jobId: value } }) },
      'body/documents/[]/jobId': { kind: 'identifier', with: (value) => ({ body: { documents: [{ jobId: value, index: 0 }] } }) },
    },
    spares: true,
  },
  createSource: { own: () => ({ body: asSource(website) }), fields: bucketFields(asSource), spares: true },
  listSources: list(),
  getSource: reading(onSource()),
  replaceSource: { ...onSource(asSource(website)), fields: { 'path/sourceId': 'identifier', ...bucketFields(asSource, ({ identifiers }) => ({ path: { sourceId: identifiers.source } })) } },
  deleteSource: onSource(),
  runSource: onSource({ dryRun: true }),
  getSourceSchedule: reading(onSource()),
  pauseSource: onSource(),
  resumeSource: onSource(),
  backfillSource: onSource({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }),
  listDocuments: list({ 'query/sourceId': 'identifier' }),
  getDocument: { ...onDocument(), fields: { 'path/documentId': 'identifier' }, reads: true },
  deleteDocument: { ...onDocument(), fields: { 'path/documentId': 'identifier' }, spares: true },
  getDocumentHistory: { ...onDocument(), fields: { 'path/documentId': 'identifier' }, reads: true },
  getDocumentArtifact: { ...onDocument(), fields: { 'path/documentId': 'identifier', 'path/kind': 'closed', 'query/version': 'identifier', 'header/If-None-Match': 'entityTag' }, reads: true },
  createArtifactLink: {
    own: ({ identifiers }) => ({ path: { documentId: identifiers.document, kind: 'text' }, body: {} }),
    fields: { 'path/documentId': 'identifier', 'path/kind': 'closed', 'body/version': { kind: 'identifier', with: (value, { identifiers }) => ({ path: { documentId: identifiers.document, kind: 'text' }, body: { version: value } }) } },
    reads: true,
  },
  setDocumentLabels: { own: ({ identifiers }) => ({ path: { documentId: identifiers.document }, body: { labels: null } }), fields: { 'path/documentId': 'identifier' }, spares: true },
  setManyDocumentLabels: {
    own: ({ identifiers }) => ({ body: { documents: [identifiers.document], labels: null } }),
    fields: { 'body/documents/[]': { kind: 'identifier', with: (value, { identifiers }) => ({ body: { documents: [identifiers.document, value], labels: null } }) } },
    spares: true,
  },
  deleteDocuments: {
    own: ({ identifiers }) => ({ body: { documents: [identifiers.document] } }),
    fields: {
      // Beside one of its own, so that half of the request could be carried out.
      'body/documents/[]': { kind: 'identifier', with: (value, { identifiers }) => ({ body: { documents: [identifiers.deletedDocument, value] } }) },
      'body/sourceId': { kind: 'identifier', with: (value) => ({ body: { sourceId: value } }) },
    },
    spares: true,
  },
  listDeletions: list(),
  getDeletion: { own: ({ identifiers }) => ({ path: { deletionId: identifiers.deletion } }), fields: { 'path/deletionId': 'identifier' }, reads: true },
  getRetention: open,
  changeRetention: { own: () => ({ body: { replacedVersionDays: 1 } }), fields: {} },
  setRetention: { own: () => ({ body: { replacedVersionDays: 1 } }), fields: {} },
  sweep: { own: () => ({ body: { dryRun: true } }), fields: {}, spares: true },
  listSweeps: list(),
  getSweep: { own: ({ identifiers }) => ({ path: { sweepId: identifiers.sweep } }), fields: { 'path/sweepId': 'identifier' }, reads: true },
  auditConsistency: { own: () => ({ body: { dryRun: true } }), fields: {}, spares: true },
  listConsistencyAudits: list(),
  getConsistencyAudit: { own: ({ identifiers }) => ({ path: { auditId: identifiers.consistencyAudit } }), fields: { 'path/auditId': 'identifier' }, reads: true },
  // The cursor counts faults, and names nothing.
  listConsistencyFaults: { own: ({ identifiers }) => ({ path: { auditId: identifiers.consistencyAudit } }), fields: { 'path/auditId': 'identifier', 'query/cursor': 'closed' }, reads: true },
  createApiKey: { own: () => ({ body: { name: 'mine', scopes: ['search:read'] } }), fields: {} },
  listApiKeys: list(),
  getApiKey: { own: ({ identifiers }) => ({ path: { keyId: identifiers.key } }), fields: { 'path/keyId': 'identifier' }, reads: true },
  revokeApiKey: { own: ({ identifiers }) => ({ path: { keyId: identifiers.key } }), fields: { 'path/keyId': 'identifier' }, spares: true },
  rotateApiKey: { own: ({ identifiers }) => ({ path: { keyId: identifiers.key }, body: {} }), fields: { 'path/keyId': 'identifier' }, spares: true },
  // Of what was done while the tenants were furnished: what an attacker tried since, with ids of others in it, is in its own log.
  listAudit: { own: () => ({ query: { operation: 'uploadFiles' } }), fields: { 'query/cursor': 'listCursor', 'query/subject': 'identifier' }, reads: true },
  readAuditChain: { own: () => ({ query: { limit: '3' } }), fields: {}, reads: true },
  // Of a month in which nothing was used, since searches are counted while the attack goes on.
  getUsage: { own: () => ({ query: { from: '2020-01-01', to: '2020-01-31' } }), fields: { 'query/cursor': 'listCursor' }, reads: true },
  // Payloads name their tenant themselves; that a tenant gets none decrypted, not even its own, is shown by tests/e2e/temporalPayloads.test.ts.
  decodeTemporalPayloads: { own: () => ({ body: { payloads: [] } }), fields: {}, reads: true },
  encodeTemporalPayloads: { own: () => ({ body: { payloads: [] } }), fields: {}, reads: true },
  revealPersonalData: {
    own: ({ vaultName }) => ({ body: { names: [vaultName] } }),
    fields: { 'body/names/[]': { kind: 'vaultName', with: (value) => ({ body: { names: [value] } }) } },
    reads: true,
  },
  createTenant: { own: () => ({ body: { tenant: 'attack-new' } }), fields: { 'body/tenant': { kind: 'tenantName', with: (value) => ({ body: { tenant: value } }) } } },
  listTenants: { fields: { 'query/cursor': 'tenantName' }, reads: true },
  getTenant: reading(onTenant()),
  changeTenant: onTenant({ policy: { sources: [] } }),
  suspendTenant: onTenant({}),
  resumeTenant: onTenant(),
  exportTenant: reading(onTenant()),
  deleteTenant: onTenant(),
  getIndex: open,
  compactIndex: {
    own: () => ({ body: {} }),
    fields: { 'body/tenant': { kind: 'tenantName', with: (value) => ({ body: { tenant: value } }) }, 'body/takeBack/[]': { kind: 'tenantName', with: (value) => ({ body: { takeBack: [value] } }) } },
  },
  reindexIndex: {
    own: () => ({ body: {} }),
    fields: {
      'body/tenant': { kind: 'tenantName', with: (value) => ({ body: { tenant: value } }) },
      'body/smoke/[]/tenant': { kind: 'tenantName', with: (value) => ({ body: { smoke: [{ tenant: value, query: 'anything', relevant: [randomUUID()] }] } }) },
      'body/smoke/[]/relevant/[]': { kind: 'identifier', with: (value) => ({ body: { smoke: [{ tenant: 'attacker', query: 'anything', relevant: [value] }] } }) },
    },
  },
  rollBackIndex: { own: () => ({ body: {} }), fields: { 'body/tenant': { kind: 'tenantName', with: (value) => ({ body: { tenant: value } }) } } },
  createBackup: { fields: {} },
  listBackups: open,
  getBackup: { own: () => ({ path: { backupId: '20260101T000000Z-00000000' } }), fields: { 'path/backupId': 'closed' }, reads: true },
  verifyBackup: { own: () => ({ path: { backupId: '20260101T000000Z-00000000' }, body: {} }), fields: { 'path/backupId': 'closed' } },
  getBackupRun: { own: () => ({ path: { runId: '0190a000-0000-4000-8000-000000000001' }, query: { workflowId: 'catalyst/backup/create' } }), fields: { 'path/runId': 'closed', 'query/workflowId': 'closed' }, reads: true },
  listDeletionsSinceBackup: { own: () => ({ path: { backupId: '20260101T000000Z-00000000' } }), fields: { 'path/backupId': 'closed', 'query/cursor': 'closed' }, reads: true },
  deleteAgain: {
    own: () => ({ path: { backupId: '20260101T000000Z-00000000' }, body: {} }),
    fields: {
      'path/backupId': 'closed',
      'body/cursor': { kind: 'closed', with: (value) => ({ path: { backupId: '20260101T000000Z-00000000' }, body: { cursor: value } }) },
      'body/tenants/[]': { kind: 'tenantName', with: (value) => ({ path: { backupId: '20260101T000000Z-00000000' }, body: { tenants: [value] } }) },
      'body/except/[]': { kind: 'closed', with: (value) => ({ path: { backupId: '20260101T000000Z-00000000' }, body: { except: [value] } }) },
    },
  },
  restoreBackup: { own: () => ({ body: { only: 'index' } }), fields: { 'body/backupId': { kind: 'closed', with: (value) => ({ body: { backupId: value } }) } } },
  listRestores: open,
  listSchedules: open,
  applySchedules: { fields: {} },
  runSchedule: { own: () => ({ path: { name: 'sweep' } }), fields: { 'path/name': 'closed' } },
  pauseSchedule: { own: () => ({ path: { name: 'sweep' } }), fields: { 'path/name': 'closed' } },
  resumeSchedule: { own: () => ({ path: { name: 'sweep' } }), fields: { 'path/name': 'closed' } },
  getLiveness: open,
  getReadiness: open,
  getStartup: open,
  getMetrics: open,
  getOpenApiDocument: open,
  getReference: open,
  getReferenceScript: open,
  getErrorCodes: open,
  receiveFirecrawlEvent: { own: ({ identifiers }) => ({ body: { type: 'crawl.page', id: identifiers.job, metadata: { tenant: 'someone', jobId: identifiers.job } } }), fields: {} },
};

/** Fields that many routes have alike: attacked wherever the document names them. */
export const commonFields: Readonly<Record<string, FieldKind>> = { 'header/Idempotency-Key': 'idempotencyKey' };

/** The fields of one route with their attacks; what it would do to the attacker's own things is spared. */
export function fieldAttacksOf(id: string, fields: readonly string[]): [field: string, attack: FieldAttack][] {
  const attack = routeAttacks[id];
  if (attack === undefined) return [];
  const common = attack.spares === true ? [] : fields.flatMap((field): [string, FieldAttack][] => (commonFields[field] === undefined ? [] : [[field, commonFields[field]]]));
  return [...Object.entries(attack.fields), ...common];
}

function similarFields(): Record<string, FieldAttack> {
  const fields = searchFields('body/', (search) => search);
  // It asks by a document of one's own instead of a query.
  return Object.fromEntries(
    Object.entries(fields).map(([name, attack]): [string, FieldAttack] => {
      if (typeof attack === 'string') return [name, attack];
      const parts = (value: string, own: Holdings): RequestParts => {
        const { query: _query, ...body } = attack.with(value, own).body as Record<string, unknown>;
        return { body: { ...body, documentId: own.identifiers.document } };
      };
      return [name, { kind: attack.kind, with: parts }];
    }),
  );
}

/** The request of the parts, at the path of the route. */
export function requestOf(method: string, path: string, { path: places = {}, query = {}, headers = {}, body }: RequestParts): { method: string; path: string; headers: Record<string, string>; body?: string } {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(places[name] ?? '0198c0de-0000-7000-8000-000000000000'));
  const asked = new URLSearchParams(query).toString();
  return { method, path: `${filled}${asked === '' ? '' : `?${asked}`}`, headers: { ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

/** The attacker's request with the value in the field. */
export function withValue({ own: base }: RouteAttack, field: string, attack: FieldAttack, value: string, own: Holdings): RequestParts {
  const parts = base?.(own) ?? {};
  if (typeof attack !== 'string') return { ...parts, ...attack.with(value, own) };
  const [place, name = ''] = [field.slice(0, field.indexOf('/')), field.slice(field.indexOf('/') + 1)];
  if (place === 'path') return { ...parts, path: { ...parts.path, [name]: value } };
  if (place === 'query') return { ...parts, query: { ...parts.query, [name]: value } };
  if (place === 'header') return { ...parts, headers: { ...parts.headers, [name]: value } };
  throw new Error(`${field}: a field of the body needs a request with it.`);
}
