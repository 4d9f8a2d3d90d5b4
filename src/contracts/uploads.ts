import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

export const uploadSchema = z
  .object({ id: z.uuid(), fileName: z.string(), mediaType: z.string(), bytes: z.int(), digest: digestSchema, createdAt: z.iso.datetime() })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof uploadSchema>;

/** A file of the request that was not stored, while others were. */
export const refusedFileSchema = z.object({ index: z.int().min(0), fileName: z.string(), code: z.string(), detail: z.string() }).meta({ id: 'RefusedFile' });
export type RefusedFile = z.infer<typeof refusedFileSchema>;

export const uploadsResponseSchema = z
  .object({ uploads: z.array(uploadSchema), refused: z.array(refusedFileSchema).default([]) })
  .meta({ id: 'UploadsResponse' });
export type UploadsResponse = z.infer<typeof uploadsResponseSchema>;
