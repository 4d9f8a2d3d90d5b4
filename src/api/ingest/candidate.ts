import type { z } from 'zod';
import type { artifactDocumentSchema, textDocumentSchema, uploadDocumentSchema, urlDocumentSchema } from '../../contracts/documents.ts';
import type { FieldProblem } from '../../contracts/errors.ts';
import type { StoredUpload } from '../../ports/uploadRegistry.ts';

export type TextRequest = z.output<typeof textDocumentSchema>;
export type UrlRequest = z.output<typeof urlDocumentSchema>;
export type UploadRequest = z.output<typeof uploadDocumentSchema>;
export type ArtifactRequest = z.output<typeof artifactDocumentSchema>;

/** A document of a request that fits the schema, by the kind of its source. */
export type Candidate =
  | { readonly type: 'text'; readonly index: number; readonly request: TextRequest }
  | { readonly type: 'url'; readonly index: number; readonly request: UrlRequest }
  | { readonly type: 'upload'; readonly index: number; readonly request: UploadRequest }
  | { readonly type: 'artifact'; readonly index: number; readonly request: ArtifactRequest };

/** A candidate whose source is known to be there, with what naming and storing it needs. */
export type CheckedDocument = (
  | { readonly type: 'text'; readonly index: number; readonly request: TextRequest; readonly content: Uint8Array; readonly digest: string }
  | { readonly type: 'url'; readonly index: number; readonly request: UrlRequest; readonly url: string }
  | { readonly type: 'upload'; readonly index: number; readonly request: UploadRequest; readonly upload: StoredUpload }
  | { readonly type: 'artifact'; readonly index: number; readonly request: ArtifactRequest; readonly bytes: number }
) & { readonly documentId: string; readonly sourceKey: string };

export type DocumentOf<Type extends Candidate['type']> = Extract<CheckedDocument, { type: Type }>;

/** The problems of one document; `problems` is never empty. */
export interface Refusal {
  readonly index: number;
  readonly problems: readonly FieldProblem[];
}
