import { extension } from 'mime-types';
import type { Attachment, Email } from 'postal-mime';
import { CatalystError } from '../../contracts/errors.ts';
import type { AttachedFile } from '../../ports/documentParser.ts';
import { inlineText } from '../text/normalise.ts';

const mostAttachments = 100;
const mostBytes = 256 * 1024 * 1024;
const longestName = 200;

/** Parts that say something about the message, not to its reader. */
const signature = /^application\/(?:pgp-signature|(?:x-)?pkcs7-signature|pgp-keys)$/;
const messageType = 'message/rfc822';

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
}

/** Pictures in the running text: logos, smileys, screenshots that the text shows. */
function isShownInside({ mimeType, related, disposition, contentId }: Attachment, html: string): boolean {
  if (!mimeType.startsWith('image/')) return false;
  const cited = contentId !== undefined && html.includes(`cid:${contentId.replace(/^<|>$/g, '')}`);
  return related === true || disposition === 'inline' || cited;
}

/** The part after the last separator: a name is no path. */
function cleanName(name: string): string {
  const plain = inlineText(name).split(/[\\/]/).at(-1)?.trim() ?? '';
  if (plain.length <= longestName) return plain;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(plain)?.[0] ?? '';
  return plain.slice(0, longestName - ending.length).toWellFormed() + ending;
}

function nameOf({ filename, mimeType }: Attachment, position: number): string {
  const name = cleanName(filename ?? '');
  if (name !== '' && !/^\.+$/.test(name)) return name;
  if (mimeType === messageType) return `message-${position + 1}.eml`;
  const ending = extension(mimeType);
  return `attachment-${position + 1}${ending === false ? '' : `.${ending}`}`;
}

/** Files of the same name are told apart by a number, so that each is a document of its own. */
function distinct(name: string, taken: Set<string>): string {
  const [, stem = name, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
  let chosen = name;
  for (let number = 2; taken.has(chosen.toLowerCase()); number++) chosen = `${stem} (${number})${ending}`;
  taken.add(chosen.toLowerCase());
  return chosen;
}

/** The files that a message brings along, in its order. Throws PARSE_LIMIT_EXCEEDED when they are too many or too large: none is left out in silence. */
export function attachedFiles({ attachments, html }: Email): AttachedFile[] {
  const wanted = attachments.filter((attachment) => !signature.test(attachment.mimeType) && !isShownInside(attachment, html ?? ''));
  if (wanted.length > mostAttachments) throw new CatalystError('PARSE_LIMIT_EXCEEDED', `The message has ${wanted.length} attachments; ${mostAttachments} are allowed.`);
  const taken = new Set<string>();
  const files = wanted.flatMap((attachment, position) => {
    const bytes = bytesOf(attachment);
    return bytes.length === 0 ? [] : [{ fileName: distinct(nameOf(attachment, position), taken), mediaType: attachment.mimeType, bytes }];
  });
  if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) > mostBytes) throw new CatalystError('PARSE_LIMIT_EXCEEDED', `The attachments of the message take more than ${mostBytes / 1024 / 1024} MB.`);
  return files;
}
