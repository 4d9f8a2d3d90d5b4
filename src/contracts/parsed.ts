import { z } from 'zod';
import { artifactReferenceSchema } from './artifacts.ts';
import { failureSchema } from './failure.ts';
import { riskKindSchema } from './risk.ts';

export const blockKinds = ['heading', 'paragraph', 'list', 'table', 'code', 'quote'] as const;

/** A structural piece of a parsed document: `text.slice(start, end)` (UTF-16 code units) is its text. */
export const blockSchema = z.object({
  kind: z.enum(blockKinds),
  start: z.int().min(0),
  end: z.int().min(0),
  /** Headings only: 1 to 6. */
  level: z.int().min(1).max(6).optional(),
  /** Paged documents only: first page is 1. */
  page: z.int().min(1).optional(),
});
export type Block = z.infer<typeof blockSchema>;

/** A page that could not be read while the rest of the document could. */
export const lostPageSchema = z.object({ page: z.int().min(1), failure: failureSchema });

/** A file that came inside another (an attachment of a message), stored on its own: it becomes a document of its own. */
export const attachmentSchema = z.object({ fileName: z.string(), mediaType: z.string(), raw: artifactReferenceSchema });
export type Attachment = z.infer<typeof attachmentSchema>;

/** What parsing makes of any document: one normalised text and its structure; blocks are in order and do not overlap. */
export const parsedDocumentSchema = z.object({
  title: z.string().optional(),
  /** BCP 47, where the document says or it can be told. */
  language: z.string().optional(),
  mediaType: z.string(),
  text: z.string(),
  blocks: z.array(blockSchema),
  pageCount: z.int().min(0).optional(),
  lostPages: z.array(lostPageSchema).default([]),
  /** Pages whose text was read from a picture (OCR), so that letters may be mistaken. */
  recognisedPages: z.array(z.int().min(1)).optional(),
  /** What the document holds that its readers do not see, where that is meant for a model; none: not set. */
  concealed: z.array(riskKindSchema).optional(),
  attachments: z.array(attachmentSchema).default([]),
});
export type ParsedDocument = z.infer<typeof parsedDocumentSchema>;

/** The text and structure of a document, without the files inside it: all that chunking looks at. */
export type ParsedText = Omit<ParsedDocument, 'attachments'>;
