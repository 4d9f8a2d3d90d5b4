import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { CatalystError } from '../../contracts/errors.ts';
import { mailboxLineLength } from '../detect/mail.ts';
import { declareCharset } from './declareCharset.ts';

/** Parts within parts; real messages stay below ten. */
const deepestNesting = 32;

/**
 * The parts of a message; messages inside it stay whole, as attachments.
 * Throws PARSE_LIMIT_EXCEEDED for parts nested too deeply or endless headers, CORRUPT_DOCUMENT for what is no message.
 */
export async function readMessage(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(declareCharset(bytes.subarray(mailboxLineLength(bytes))), { forceRfc822Attachments: true, maxNestingDepth: deepestNesting });
  } catch (thrown) {
    const isLimit = thrown instanceof Error && /exceeded/i.test(thrown.message);
    throw new CatalystError(isLimit ? 'PARSE_LIMIT_EXCEEDED' : 'CORRUPT_DOCUMENT', isLimit ? 'The message has parts nested too deeply, or endless headers.' : 'The message cannot be read.', { cause: thrown });
  }
}
