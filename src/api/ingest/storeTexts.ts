import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { CheckedDocument } from './candidate.ts';
import { specificationOf, textMediaType } from './specificationOf.ts';

/** Stores the texts of a request, and answers what ingestion needs to know of each of its documents. */
export async function storeTexts({ artifacts }: Pick<ApiDependencies, 'artifacts'>, tenant: string, documents: readonly CheckedDocument[]): Promise<DocumentSpecification[]> {
  const texts = documents.filter((document) => document.type === 'text');
  const references = texts.length === 0 ? [] : await artifacts.putAll(tenant, 'raw', texts.map((document) => ({ bytes: document.content, mediaType: textMediaType(document) })));
  const byIndex = new Map<number, ArtifactReference>(texts.flatMap((document, place) => {
    const reference = references[place];
    return reference === undefined ? [] : [[document.index, reference] as const];
  }));
  return documents.map((document) => specificationOf(document, byIndex.get(document.index)));
}
