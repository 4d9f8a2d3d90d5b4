import { decodeText } from '../detect/charset.ts';

const declared = /charset\s*=\s*"?([\w:.-]+)/gi;
/** Names under which programs declare text of which they do not know the charset. */
const unknownCharset = /^(?:us-ascii|ascii|unknown(?:-8bit)?|x-unknown|default|x-user-defined)$/i;
const unknownDeclaration = /(charset\s*=\s*)("?)(?:us-ascii|ascii|unknown(?:-8bit)?|x-unknown|default|x-user-defined)("?)(?![\w-])/gi;

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The same bytes with declarations that are none replaced; read byte by byte, so that nothing else changes. */
function withUtf8Declared(bytes: Uint8Array): Uint8Array {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Buffer.from(source.replace(unknownDeclaration, '$1$2utf-8$3'), 'latin1');
}

/**
 * A message whose letters are not ASCII must say what they are; old and home-made programs do not. Such a message is given as UTF-8:
 * what is UTF-8 anyway, and what names no charset at all, by the statistics that serve for other texts.
 */
export function declareCharset(bytes: Uint8Array): Uint8Array {
  if (!bytes.some((byte) => byte >= 0x80)) return bytes;
  if (isUtf8(bytes)) return withUtf8Declared(bytes);
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if ([...source.matchAll(declared)].some(([, name = '']) => !unknownCharset.test(name))) return bytes;
  const decoded = decodeText(bytes, undefined);
  return decoded === undefined ? bytes : withUtf8Declared(Buffer.from(decoded.text));
}
