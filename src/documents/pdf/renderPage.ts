import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';

/** Resolution at which programs read best; small type needs no more, and posters are drawn smaller. */
const dotsPerInch = 300;
const pointsPerInch = 72;
const mostPixels = 16_000_000;

export interface PagePicture {
  readonly png: Uint8Array;
  /** Pixels of a point. */
  readonly scale: number;
  /** Of the page as drawn, in points. */
  readonly height: number;
}

/** The little of the library's canvas that is used here; the compiler has no DOM library in a Node project. */
interface NodeCanvas {
  toBuffer(type: 'image/png'): Buffer;
}
interface CanvasFactory {
  create(width: number, height: number): { readonly canvas: NodeCanvas };
  destroy(canvasAndContext: unknown): void;
}

/** Draws a page as a reader sees it, upright. Rejects when the page cannot be drawn. */
export async function renderPage(document: PDFDocumentProxy, number: number): Promise<PagePicture> {
  const page = await document.getPage(number);
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(dotsPerInch / pointsPerInch, Math.sqrt(mostPixels / (width * height)));
  const viewport = page.getViewport({ scale });
  const factory = document.canvasFactory as CanvasFactory;
  const drawn = factory.create(Math.ceil(viewport.width), Math.ceil(viewport.height));
  try {
    await page.render({ canvas: drawn.canvas as never, viewport }).promise;
    return { png: drawn.canvas.toBuffer('image/png'), scale, height };
  } finally {
    factory.destroy(drawn);
    page.cleanup();
  }
}
