import type { Candidate } from '../candidates/candidate.ts';
import type { FusionSettings, LegPart } from '../fusion/fuse.ts';
import type { Selected } from '../selection/select.ts';

/** Why a result stands where it does, in sentences. `factors`: what the tenant's settings make of the weight of terms. */
export function explain(selected: Selected, terms: readonly string[], fusion: FusionSettings | undefined, factors: ReadonlyMap<string, number> = new Map()): string[] {
  const { candidate, neighbours, duplicates, passages } = selected;
  const { hit, payload, rerank } = candidate;
  const lines = [legLine('dense', 'similarity of meaning', hit.dense), legLine('sparse', 'BM25 over terms', hit.sparse)].filter((line) => line !== undefined);
  if (fusion !== undefined) lines.push(`fused: ${decimal(hit.fused)} by ${methodName(fusion)}, ${percent(fusion.denseWeight)} dense and ${percent(1 - fusion.denseWeight)} sparse${missingLegs(candidate)}`);
  for (const { name, value } of candidate.boosts) lines.push(`boost of ${name}: ${value > 0 ? 'adds' : 'takes'} ${decimal(Math.abs(value))} of the distance between best and worst`);
  if (rerank !== null) lines.push(`reranked by ${rerank.by}: score ${decimal(rerank.score)}, from rank ${rerank.before} to ${rerank.after}${rerank.among === undefined ? '' : ` among ${rerank.among}`}`);
  lines.push(termsLine(terms, hit.sparse));
  const weighed = terms.flatMap((term) => (factors.has(term) ? [`${term} × ${short(factors.get(term) ?? 1)}`] : []));
  if (weighed.length > 0) lines.push(`weights of terms by the settings of the tenant: ${weighed.join(', ')}`);
  if (payload.chunk.tier !== 'passage') lines.push(`the chunk is of the tier "${payload.chunk.tier}"`);
  if (neighbours.length > 0) lines.push(`joined with ${neighbours.length} more of the document that ${neighbours.length === 1 ? 'follows or precedes it' : 'lie next to it'}`);
  if (passages.length > 0) lines.push(`${passages.length} more of the document's passages were found`);
  if (duplicates.length > 0) lines.push(`nearly the same text was found in ${duplicates.length} more of the documents`);
  return lines;
}

/** Where a leg's list was cut the hit is somewhere behind, and counts as its last. */
function missingLegs({ hit: { dense, sparse, fused } }: Candidate): string {
  if (dense !== null && sparse !== null) return '';
  const added = fused - (dense?.part ?? sparse?.part ?? 0);
  const name = dense === null ? 'dense' : 'sparse';
  return added > 0 ? `; for the ${name} leg it counts as the last of its list, which adds ${decimal(added)}` : `; the ${name} leg did not find it`;
}

/** The sparse leg looks at title and headings as well, which are not among the passage's words. */
function termsLine(terms: readonly string[], sparse: LegPart | null): string {
  if (terms.length > 0) return `terms of the query in the passage: ${terms.join(', ')}`;
  return sparse === null ? 'the passage holds no term of the query' : 'the passage holds no term of the query; its title or headings do';
}

function legLine(name: string, meaning: string, leg: LegPart | null): string | undefined {
  return leg === null ? undefined : `${name} (${meaning}): score ${decimal(leg.score)}, rank ${leg.rank}, adds ${decimal(leg.part)}`;
}

const methodNames: Readonly<Record<FusionSettings['method'], string>> = {
  similarity: 'similarity and share of the best',
  'min-max': 'min-max combination',
  'z-score': 'z-score combination',
  'reciprocal-rank': 'reciprocal rank',
};

function methodName({ method, rankConstant }: FusionSettings): string {
  return method === 'reciprocal-rank' ? `${methodNames[method]} (constant ${rankConstant})` : methodNames[method];
}

function decimal(value: number): string {
  return value.toFixed(4);
}

/** Without zeros at the end. */
function short(value: number): string {
  return String(Number(value.toFixed(4)));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
