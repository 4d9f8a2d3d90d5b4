import { z } from 'zod';
import { codeSystemNames } from './codes/codeSystems.ts';
import { metadataKeyPattern } from './documents.ts';

const plainFacets = ['tags', 'language', 'tier', 'source.type', 'source.host'] as const;

export type FacetName = (typeof plainFacets)[number] | `codes.${(typeof codeSystemNames)[number]}` | `metadata.${string}`;

const knownFacets: readonly string[] = [...plainFacets, ...codeSystemNames.map((name) => `codes.${name}`)];
const prefixOfMetadata = 'metadata.';

function isFacetName(name: string): name is FacetName {
  return knownFacets.includes(name) || (name.startsWith(prefixOfMetadata) && metadataKeyPattern.test(name.slice(prefixOfMetadata.length)));
}

export const defaultFacetLimit = 10;

export const facetNamesSchema = z
  .array(z.custom<FacetName>((name) => typeof name === 'string' && isFacetName(name), `one of ${[...knownFacets, 'metadata.KEY'].map((name) => `"${name}"`).join(', ')}`).meta({ type: 'string' }))
  .max(10)
  .meta({
    description: `Count the passages by these fields: ${[...knownFacets, 'metadata.KEY'].map((name) => `\`${name}\``).join(', ')}. Counted are all passages that the filters leave, whatever the query.`,
    examples: [['tags', 'source.host', 'codes.icd-10', 'metadata.region']],
  });
export const facetLimitSchema = z.int().min(1).max(100).optional().meta({ description: `Most values of each facet. Default: ${defaultFacetLimit}.` });

export const facetCountSchema = z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int().min(1) }).meta({ id: 'FacetCount' });
export type FacetCount = z.infer<typeof facetCountSchema>;

export const facetCountsSchema = z.record(z.string(), z.array(facetCountSchema)).meta({
  id: 'Facets',
  description: 'By facet, the values with the most passages first. A value counts all passages that a filter by it would leave: E11 those of E11.9, "pt" those of "pt-BR".',
});
