import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { ParsedDocument } from '../../contracts/parsed.ts';
import type { ArtifactStore } from '../../ports/artifactStore.ts';
import type { ParsedFile } from '../../ports/documentParser.ts';

/** Stores the files that came inside a document, so that what is kept of it names them. */
export async function storeAttachments(artifacts: Pick<ArtifactStore, 'putAll'>, tenant: string, parsed: ParsedFile): Promise<ParsedDocument> {
  if (parsed.attachments.length === 0) return { ...parsed, attachments: [] };
  const references = await artifacts.putAll(tenant, 'raw', parsed.attachments.map(({ bytes, mediaType }) => ({ bytes, mediaType })));
  return { ...parsed, attachments: parsed.attachments.map(({ fileName, mediaType }, position) => ({ fileName, mediaType, raw: references[position] as ArtifactReference })) };
}
