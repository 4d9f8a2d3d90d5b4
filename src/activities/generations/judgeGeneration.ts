import { randomUUID } from 'node:crypto';
import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ChangeScope, ReindexTrial } from '../../contracts/generations.ts';
import type { Principal } from '../../contracts/principal.ts';
import { judgedRanks, judgeReindex } from '../../generations/judgeReindex.ts';
import type { Answered, Compared, Probe } from '../../generations/judgeReindex.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';
import type { TrialSearch } from '../../ports/generationSearches.ts';
import type { ActivityContext } from '../activityContext.ts';
import { decodeJson } from '../stages/encoding.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { findGeneration } from './fillGeneration.ts';
import { forbiddingTenants, tellForbidding } from './forbiddingTenants.ts';
import { heldTenants } from './heldTenants.ts';

/** Documents that are looked for by their own words: in all, and of one tenant. */
const mostProbes = 200;
const probesPerTenant = 20;
/** Queries that were asked lately, in all and of one tenant. */
const mostQueries = 200;
const queriesPerTenant = 20;
/** Words of a passage that make a query; a sentence begins before or among them. */
const probeWords = { first: 4, last: 16 };

/**
 * Searches in both generations by what is known to be findable, and judges the new one. What was found is recorded. Where it does not pass it does
 * not serve: it stays as it is, for another look with other gates.
 */
export async function judgeGeneration(dependencies: GenerationDependencies, { by }: ChangeScope, id: string, { gates, smoke }: ReindexTrial, context: ActivityContext): Promise<{ readonly passed: boolean }> {
  const { generations, generationIndex, generationSearches, querySamples, emit } = dependencies;
  const next = await findGeneration(generations, id);
  const { state, tenant: owner } = next;
  if (state === 'serving') return { passed: true };
  const serving = await generationIndex.serving(owner);
  if (serving === undefined) throw new CatalystError('CONFLICT', 'There is nothing to compare the generation with.');
  const tenants = await heldTenants(generations, next);
  const latencies = { serving: [] as number[], next: [] as number[] };
  const searchBoth = async (principal: Principal, trial: TrialSearch): Promise<Compared<readonly string[]>> => {
    const of = async (generation: string, times: number[]): Promise<readonly string[]> => {
      const { documents, milliseconds } = await generationSearches.search(generation, principal, trial);
      times.push(milliseconds);
      return documents;
    };
    const found = { serving: await of(serving, latencies.serving), next: await of(id, latencies.next) };
    context.progress(latencies.next.length);
    return found;
  };
  const probes: Probe[] = [];
  for (const { documentId, principal, query } of await chooseProbes(dependencies, tenants)) probes.push({ documentId, found: await searchBoth(principal, { query, mode: 'dense', limit: judgedRanks }) });
  const queries: Answered[] = [];
  for (const { tenant, policies, query, relevant } of smoke.filter((one) => tenants.includes(one.tenant))) queries.push({ relevant, found: await searchBoth(actingFor(tenant, policies), { query, mode: 'hybrid', limit: judgedRanks }) });
  for (const tenant of tenants) {
    if (queries.length - smoke.length >= mostQueries) break;
    for (const { policies, query } of await querySamples.list(tenant, queriesPerTenant)) queries.push({ relevant: null, found: await searchBoth(actingFor(tenant, policies), { query, mode: 'hybrid', limit: judgedRanks }) });
  }
  const judged = judgeReindex({ probes, queries, latencies }, gates);
  // A policy may have been narrowed, or a tenant have come, since the change was planned.
  const forbidding = await forbiddingTenants(dependencies, tenants, next.contract.model);
  const report = forbidding.length === 0 ? judged : { ...judged, passed: false, findings: [...judged.findings, `Not passed: ${tellForbidding(forbidding, next.contract.model)}`] };
  await generations.recordDecision({ kind: 'reindex', decision: report.passed ? 'judged' : 'stopped', because: report.findings, by, generation: id, tenant: owner, statistics: null, stillMs: null, report });
  if (!report.passed) emit({ type: 'index.stopped', generation: id, tenant: owner, detail: report.findings.join(' ') });
  return { passed: report.passed };
}

interface ChosenProbe {
  readonly documentId: string;
  readonly principal: Principal;
  readonly query: string;
}

/** Documents here and there of every tenant, and words from the middle of each. */
async function chooseProbes({ generations, artifacts }: GenerationDependencies, tenants: readonly string[]): Promise<ChosenProbe[]> {
  const probes: ChosenProbe[] = [];
  for (const tenant of tenants) {
    if (probes.length >= mostProbes) break;
    const documents = await generations.listDocuments(tenant, randomUUID(), probesPerTenant);
    const chosen = documents.length > 0 ? documents : await generations.listDocuments(tenant, null, probesPerTenant);
    const chunks = await artifacts.getAll(tenant, chosen.map((document) => document.artifacts.chunks));
    chosen.forEach((document, position) => {
      const query = wordsOf(decodeJson<ChunkedDocument>(chunks[position] as Uint8Array));
      if (query !== '') probes.push({ documentId: document.documentId, principal: actingFor(tenant, holdersOf(document)), query });
    });
  }
  return probes.slice(0, mostProbes);
}

function wordsOf({ chunks }: ChunkedDocument): string {
  const passages = chunks.filter(({ risk }) => risk === undefined);
  const words = (passages[Math.floor(passages.length / 2)]?.text ?? '').split(/\s+/);
  return words.slice(Math.min(probeWords.first, Math.max(0, words.length - probeWords.first)), probeWords.last).join(' ');
}

const holdersOf = ({ policies }: VisibleDocument): readonly string[] => policies;

/** Within the tenant, with labels that are enough to see what is looked for: nobody sees what is found. */
function actingFor(tenant: string, policies: readonly string[]): Principal {
  return { tenant, subject: 'index', roles: [], policies: [...policies] };
}
