import { openPdf } from '../../src/documents/pdf/openPdf.ts';
import { makePdf } from '../unit/documents/makePdf.ts';
import type { PagePicture, PlacedText } from '../unit/documents/makePdf.ts';

const dotsPerInch = 150;

/** The little of the library's canvas that is used here. */
interface NodeCanvas {
  readonly width: number;
  readonly height: number;
  toBuffer(type: 'image/jpeg', quality: number): Buffer;
}

/** A page as a scanner would give it: a picture of its text. */
export async function scanOf(page: readonly PlacedText[]): Promise<PagePicture> {
  const opened = await openPdf(makePdf([page]));
  const { document } = opened;
  try {
    const drawnPage = await document.getPage(1);
    const viewport = drawnPage.getViewport({ scale: dotsPerInch / 72 });
    const factory = document.canvasFactory as { create(width: number, height: number): { readonly canvas: NodeCanvas } };
    const { canvas } = factory.create(Math.ceil(viewport.width), Math.ceil(viewport.height));
    await drawnPage.render({ canvas: canvas as never, viewport }).promise;
    return { jpeg: canvas.toBuffer('image/jpeg', 80).toString('latin1'), width: canvas.width, height: canvas.height };
  } finally {
    await opened.close();
  }
}
