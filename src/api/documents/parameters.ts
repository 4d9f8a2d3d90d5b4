import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';

export const documentParameters = z.strictObject({ documentId: z.uuid() });

/** The same answer for another tenant's document as for one that never was. */
export function noSuchDocument(documentId: string): CatalystError {
  return new CatalystError('NOT_FOUND', `There is no document ${documentId}.`);
}
