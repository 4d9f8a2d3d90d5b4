import { CatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { LostPage } from '../parseTools.ts';

/** The record of a page that was left out. */
export function lostPage(page: number, code: ErrorCode, message: string): LostPage {
  return { page, failure: toFailure(new CatalystError(code, message)) };
}
