import { zipSync } from 'fflate';
import mammoth from 'mammoth';
import { CatalystError } from '../../contracts/errors.ts';
import type { PackageParts } from './openPackage.ts';

/** Styles beyond those that the library knows by itself. */
const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='HTML Preformatted'] => pre:separator('\\n')",
  "p[style-name='Code'] => pre:separator('\\n')",
  "p[style-name='Source Code'] => pre:separator('\\n')",
];

/** HTML of a Word document. Its parts are packed anew, without pictures, so that the library unpacks only what was checked. */
export async function convertToHtml(parts: PackageParts): Promise<string> {
  const buffer = Buffer.from(zipSync(parts, { level: 0 }));
  try {
    const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: '' }));
    return (await mammoth.convertToHtml({ buffer }, { styleMap, convertImage, externalFileAccess: false })).value;
  } catch (thrown) {
    if (thrown instanceof RangeError) throw thrown;
    throw new CatalystError('CORRUPT_DOCUMENT', 'The DOCX file is damaged: Word would not be able to open it either.', { cause: thrown });
  }
}
