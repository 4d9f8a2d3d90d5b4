import type { TypeHints } from './textType.ts';
import { emailMediaType } from './mediaTypes.ts';

/** Line that mailboxes put before each message. */
const mailboxLine = /^>?From \S+[^\r\n]*\r?\n/;
const threeFields = /^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3}/;
/** Fields that only messages have; articles on mail rarely begin with three fields and one of these. */
const mailField = /^(?:received|message-id|mime-version|return-path|delivered-to|x-mailer|x-gm-thrid):/im;
const headBytes = 16_384;

/** Bytes of the line that a mailbox puts before a message; 0 where there is none. */
export function mailboxLineLength(bytes: Uint8Array): number {
  return mailboxLine.exec(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).toString('latin1'))?.[0].length ?? 0;
}

/**
 * Whether bytes are an e-mail message. Looked at before any charset: its parts may each have their own, or be binary. What is declared
 * to be a message needs no more than one field to begin with.
 */
export function isMail(bytes: Uint8Array, { mediaType, fileName }: TypeHints): boolean {
  const body = bytes.subarray(mailboxLineLength(bytes));
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, headBytes)).toString('latin1');
  if (threeFields.test(head) && mailField.test(head.slice(0, 4000))) return true;
  const isDeclared = mediaType?.split(';')[0]?.trim().toLowerCase() === emailMediaType || /\.eml$/i.test(fileName ?? '');
  return isDeclared && /^[\w-]+:[ \t]?\S/.test(head);
}
