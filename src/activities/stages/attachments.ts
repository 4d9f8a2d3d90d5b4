import { v5 } from 'uuid';
import { CatalystError } from '../../contracts/errors.ts';
import { documentIdOf } from '../../contracts/identifiers.ts';
import type { JobScope } from '../../contracts/ingestion.ts';
import type { Attachment } from '../../contracts/parsed.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { AddedDocument } from '../../ports/jobSteering.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** A version that has become visible, and the files that were inside it. */
export interface PublishedParent {
  readonly versionId: string;
  readonly specification: DocumentSpecification;
  readonly attachments: readonly Attachment[];
  /** An earlier version may have had attachments. */
  readonly replacesEarlier: boolean;
}

type AttachmentDependencies = Pick<ActivityDependencies, 'steering' | 'documents' | 'deletions'>;

/**
 * Files inside documents join the job as documents of their own; those that only an earlier version held are deleted.
 * Before the parents are recorded as finished, so that the job does not end without them.
 */
export async function followAttachments(dependencies: AttachmentDependencies, scope: JobScope, parents: readonly PublishedParent[]): Promise<void> {
  const attached = parents.map((parent) => ({ parent, documents: attachedDocuments(scope.tenant, parent) }));
  const joining = attached.flatMap(({ documents }) => documents);
  if (joining.length > 0) await dependencies.steering.add(scope.tenant, scope.jobId, joining, { reopen: true });
  for (const { parent, documents } of attached) if (parent.replacesEarlier) await deleteDetached(dependencies, scope, parent, documents);
}

const keyPrefix = 'attachment:';
/** Forwarded messages lie within each other; each level is stored once more, so that a message nested by malice would fill the store. */
const deepestAttachment = 8;

/** Throws PARSE_LIMIT_EXCEEDED for a file that lies within too many others. */
export function requireShallow({ sourceKey }: Pick<DocumentSpecification, 'sourceKey'>): void {
  let depth = 0;
  while (sourceKey.startsWith(keyPrefix, depth * keyPrefix.length)) depth += 1;
  if (depth > deepestAttachment) throw new CatalystError('PARSE_LIMIT_EXCEEDED', `The file is attached to a file that is attached to another, ${depth} deep; ${deepestAttachment} are read.`);
}

/** They are seen by whom their parent is seen, and what is not indexed of it is not indexed of them. Of equal names the later ones get a number. */
export function attachedDocuments(tenant: string, { specification, attachments }: PublishedParent): AddedDocument[] {
  const taken = new Set<string>();
  return attachments.map(({ fileName, mediaType, raw }) => {
    const sourceKey = `${keyPrefix}${specification.sourceKey}#${freeName(fileName, taken)}`;
    return {
      documentId: documentIdOf(tenant, sourceKey),
      sourceKey,
      source: { type: 'attachment', location: fileName },
      origin: { type: 'stored', reference: raw, mediaType, fileName },
      metadata: specification.metadata,
      tags: specification.tags,
      policies: specification.policies,
      ...(specification.redact === undefined ? {} : { redact: specification.redact }),
      ...(specification.quarantine === undefined ? {} : { quarantine: specification.quarantine }),
      bytes: raw.length,
      parentId: specification.documentId,
    };
  });
}

function freeName(fileName: string, taken: Set<string>): string {
  let name = fileName;
  for (let number = 2; taken.has(name); number += 1) name = `${fileName}#${number}`;
  taken.add(name);
  return name;
}

async function deleteDetached({ documents, deletions }: AttachmentDependencies, { tenant, subject }: JobScope, parent: PublishedParent, attached: readonly AddedDocument[]): Promise<void> {
  const detached = await documents.listDetached(tenant, parent.specification.documentId, attached.map(({ documentId }) => documentId));
  if (detached.length === 0) return;
  const id = v5('detached', parent.versionId);
  await deletions.accept({ tenant, subject }, { id, workflowId: `deletion/${tenant}/${id}`, request: { documents: detached }, reason: 'parent' });
}
