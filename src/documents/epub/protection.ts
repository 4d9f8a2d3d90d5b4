import { CatalystError } from '../../contracts/errors.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import type { SpineItem } from './package.ts';
import { resolveReference } from './paths.ts';
import { findElements, parseXml } from './xml.ts';

/** Fonts are scrambled in many books that anyone may read. */
const scrambledFont = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/;

/** Throws PASSWORD_PROTECTED for a book whose chapters are encrypted: only the program of its buyer can read it. */
export function refuseProtected(archive: ZipArchive, spine: readonly SpineItem[]): void {
  const encryption = archive.read('META-INF/encryption.xml');
  if (encryption === undefined) return;
  const chapters = new Set(spine.map(({ entry }) => entry));
  const isProtected = findElements(parseXml(encryption), 'encrypteddata').some((data) => {
    const algorithm = findElements(data, 'encryptionmethod')[0]?.attributes['algorithm'] ?? '';
    const references = findElements(data, 'cipherreference').map(({ attributes }) => resolveReference('', attributes['uri'] ?? ''));
    return !scrambledFont.test(algorithm) && references.some((entry) => entry !== undefined && chapters.has(entry));
  });
  if (isProtected) throw new CatalystError('PASSWORD_PROTECTED', 'The EPUB is protected against copying (DRM); its text is encrypted.');
}
