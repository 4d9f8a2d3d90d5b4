import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { CatalystError } from '../../contracts/errors.ts';

const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const folder = (name: string): string => `${join(packageFolder, name)}/`;

pdfjs.GlobalWorkerOptions.workerSrc = pathToFileURL(join(packageFolder, 'legacy/build/pdf.worker.mjs')).href;

export interface OpenPdf {
  readonly document: PDFDocumentProxy;
  close(): Promise<void>;
}

function translated(thrown: unknown): CatalystError {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'PasswordException') return new CatalystError('PASSWORD_PROTECTED', 'The PDF is protected by a password.', { cause: thrown });
  return new CatalystError('CORRUPT_DOCUMENT', 'The PDF is damaged and cannot be opened.', { cause: thrown });
}

/**
 * Opens a PDF for reading its text: everything it may need (character maps, fonts) comes out of the package, nothing from a network,
 * and no script of the file is run. Throws PASSWORD_PROTECTED, CORRUPT_DOCUMENT.
 */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const task = pdfjs.getDocument({
    // The library takes the buffer for itself; the caller keeps its own.
    data: new Uint8Array(bytes),
    cMapUrl: folder('cmaps'),
    standardFontDataUrl: folder('standard_fonts'),
    wasmUrl: folder('wasm'),
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  try {
    return { document: await task.promise, close: () => task.destroy() };
  } catch (thrown) {
    await task.destroy();
    throw translated(thrown);
  }
}
