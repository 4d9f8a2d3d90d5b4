import { describe, expect, it } from 'vitest';
import { attachedDocuments, requireShallow } from '../../../../src/activities/stages/attachments.ts';
import { digestOf, documentIdOf } from '../../../../src/contracts/identifiers.ts';
import type { Attachment } from '../../../../src/contracts/parsed.ts';
import { documentSpecificationSchema } from '../../../../src/contracts/specification.ts';
import type { DocumentSpecification } from '../../../../src/contracts/specification.ts';

const tenant = 'acme';
const parent: DocumentSpecification = {
  index: 7,
  documentId: documentIdOf(tenant, 'id:letter'),
  sourceKey: 'id:letter',
  source: { type: 'upload', location: 'letter.eml' },
  origin: { type: 'url', url: 'https://example.com/letter.eml' },
  metadata: { year: 2026 },
  tags: ['post'],
  policies: ['legal'],
  redact: ['email'],
  quarantine: 'high',
  tier: 'summary',
  sourceId: '0198c0de-0000-7000-8000-000000000000',
};

function attachment(fileName: string, content: string): Attachment {
  return { fileName, mediaType: 'application/pdf', raw: { uri: 's3://bucket/key', offset: 0, length: content.length, digest: digestOf(content), mediaType: 'application/pdf' } };
}

const documentsOf = (...attachments: Attachment[]) => attachedDocuments(tenant, { versionId: parent.documentId, specification: parent, attachments, replacesEarlier: false });

describe('files inside a document', () => {
  it('become documents that are seen by whom their parent is seen', () => {
    const [document] = documentsOf(attachment('offer.pdf', 'one'));
    expect(documentSpecificationSchema.parse({ ...document, index: 8 })).toEqual({
      index: 8,
      documentId: documentIdOf(tenant, 'attachment:id:letter#offer.pdf'),
      sourceKey: 'attachment:id:letter#offer.pdf',
      source: { type: 'attachment', location: 'offer.pdf' },
      origin: { type: 'stored', reference: attachment('offer.pdf', 'one').raw, mediaType: 'application/pdf', fileName: 'offer.pdf' },
      metadata: { year: 2026 },
      tags: ['post'],
      policies: ['legal'],
      redact: ['email'],
      quarantine: 'high',
      bytes: 3,
      parentId: parent.documentId,
    });
  });

  it('are read to a depth, so that a message nested by malice does not fill the store with itself', () => {
    let specification: Pick<DocumentSpecification, 'sourceKey'> = parent;
    const taken: number[] = [];
    for (let depth = 1; depth <= 10; depth += 1) {
      const [document] = attachedDocuments(tenant, { versionId: parent.documentId, specification: { ...parent, ...specification }, attachments: [attachment('m.eml', 'x')], replacesEarlier: false });
      specification = document!;
      try {
        requireShallow(specification);
        taken.push(depth);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED' });
      }
    }
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('of equal names are told apart by a number, the same in every version', () => {
    const keys = documentsOf(attachment('a.txt', 'one'), attachment('b.txt', 'two'), attachment('a.txt', 'three'), attachment('a.txt#2', 'four')).map(({ sourceKey }) => sourceKey);
    expect(keys).toEqual(['attachment:id:letter#a.txt', 'attachment:id:letter#b.txt', 'attachment:id:letter#a.txt#2', 'attachment:id:letter#a.txt#2#2']);
  });
});
