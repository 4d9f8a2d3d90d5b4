import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { Source } from '../../contracts/documents.ts';
import type { DocumentSpecification, Origin } from '../../contracts/specification.ts';
import { bytesOf } from './bytesOf.ts';
import type { CheckedDocument, DocumentOf } from './candidate.ts';

/** What ingestion needs to know of a document whose bytes, where it brought some, are stored. */
export function specificationOf(document: CheckedDocument, textReference: ArtifactReference | undefined): DocumentSpecification {
  const { index, documentId, sourceKey, request } = document;
  const bytes = bytesOf(document);
  return {
    index,
    documentId,
    sourceKey,
    source: sourceOf(document),
    origin: originOf(document, textReference),
    metadata: request.metadata,
    tags: request.tags,
    policies: request.policies,
    ...(request.title === undefined ? {} : { title: request.title }),
    ...(request.tier === undefined ? {} : { tier: request.tier }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

function sourceOf(document: CheckedDocument): Source {
  switch (document.type) {
    case 'text':
      return { type: 'text', location: document.request.id ?? document.digest };
    case 'url':
      return { type: 'url', location: document.url };
    case 'upload':
      return { type: 'upload', location: document.upload.fileName };
    case 'artifact':
      return { type: 'artifact', location: document.request.artifactUri };
  }
}

function originOf(document: CheckedDocument, textReference: ArtifactReference | undefined): Origin {
  switch (document.type) {
    case 'text':
      return textOrigin(document, textReference);
    case 'url':
      return { type: 'url', url: document.url };
    case 'upload': {
      const { reference, mediaType, fileName } = document.upload;
      return { type: 'stored', reference, mediaType, fileName };
    }
    case 'artifact': {
      const { artifactUri: uri, mediaType } = document.request;
      return { type: 'artifact', uri, ...(mediaType === undefined ? {} : { mediaType }) };
    }
  }
}

function textOrigin(document: DocumentOf<'text'>, reference: ArtifactReference | undefined): Origin {
  if (reference === undefined) throw new TypeError('the text of a document must be stored first');
  return { type: 'stored', reference, mediaType: textMediaType(document) };
}

/** The text is stored as UTF-8, whatever a page that was pasted into it says of its own charset. */
export function textMediaType(document: DocumentOf<'text'>): string {
  return `${document.request.mediaType}; charset=utf-8`;
}
