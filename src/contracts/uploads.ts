import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

export const uploadSchema = z
  .object({ id: z.uuid(), fileName: z.string(), mediaType: z.string(), bytes: z.int(), digest: digestSchema, createdAt: z.iso.datetime() })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof uploadSchema>;
export const uploadsResponseSchema = z.object({ uploads: z.array(uploadSchema) }).meta({ id: 'UploadsResponse' });
