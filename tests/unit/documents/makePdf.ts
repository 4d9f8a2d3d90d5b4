/** A line of text at a place of the page, in points from its lower left corner. */
export interface PlacedText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size?: number;
  /** Degrees. */
  readonly turned?: number;
}

/** A picture (JPEG bytes as a latin1 string) that fills the page. */
export interface PagePicture {
  readonly jpeg: string;
  readonly width: number;
  readonly height: number;
}

/**
 * `broken` is named in the page tree but is no page; `picture` shows a picture alone; `damaged` has content that cannot be unpacked;
 * `endless` draws forms within forms, ten times each, twelve deep.
 */
export type PdfPage = readonly PlacedText[] | PagePicture | 'broken' | 'picture' | 'damaged' | 'endless';

const formDepth = 12;

function content(texts: readonly PlacedText[]): string {
  return texts.map(({ x, y, text, size = 10, turned = 0 }) => {
    const [cosine, sine] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)];
    return `BT /F1 ${size} Tf ${cosine.toFixed(5)} ${sine.toFixed(5)} ${(-sine).toFixed(5)} ${cosine.toFixed(5)} ${x} ${y} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
  }).join('\n');
}

function stream(bytes: string, entries = ''): string {
  return `<< /Length ${bytes.length} ${entries} >>\nstream\n${bytes}\nendstream`;
}

function contentOf(page: PdfPage): string {
  if (page === 'broken') return stream('');
  if (page === 'picture') return stream('q 100 0 0 100 72 600 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q');
  if (page === 'damaged') return stream('these bytes were never compressed', '/Filter /FlateDecode');
  if (page === 'endless') return stream('/X Do');
  return stream('jpeg' in page ? 'q 612 0 0 792 0 0 cm /X Do Q' : content(page));
}

/** Objects that a page draws, the first of them by the name X. */
function drawnBy(page: PdfPage, first: number): string[] {
  if (page === 'endless') {
    return Array.from({ length: formDepth }, (_, depth) =>
      stream(depth === formDepth - 1 ? 'BT /F1 9 Tf (ha) Tj ET' : '/X Do '.repeat(10), `/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> /XObject << /X ${first + depth + 1} 0 R >> >>`));
  }
  if (typeof page !== 'object' || !('jpeg' in page)) return [];
  return [stream(page.jpeg, `/Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`)];
}

/** A PDF of given pages in Helvetica, 612 by 792 points each. */
export function makePdf(pages: readonly PdfPage[], info = ''): Uint8Array {
  const objects: string[] = [];
  const pageNumbers = pages.map((_, index) => 4 + index * 2);
  objects[1] = '<< /Type /Catalog /Pages 2 0 R >>';
  objects[2] = `<< /Type /Pages /Count ${pages.length} /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] >>`;
  objects[3] = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';
  let next = 4 + pages.length * 2;
  pages.forEach((page, index) => {
    const number = 4 + index * 2;
    const drawn = drawnBy(page, next);
    const resources = `<< /Font << /F1 3 0 R >> ${drawn.length === 0 ? '' : `/XObject << /X ${next} 0 R >>`} >>`;
    objects[number] = page === 'broken' ? '(no page at all)' : `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources ${resources} /Contents ${number + 1} 0 R >>`;
    objects[number + 1] = contentOf(page);
    for (const object of drawn) objects[next++] = object;
  });
  return Buffer.from(withTable(objects, info), 'latin1');
}

/** The objects with the table of where each begins. */
function withTable(objects: readonly string[], info: string): string {
  const parts = ['%PDF-1.4\n'];
  let length = parts[0]?.length ?? 0;
  const offsets: number[] = [];
  objects.forEach((object, number) => {
    const part = `${number} 0 obj\n${object}\nendobj\n`;
    offsets[number] = length;
    parts.push(part);
    length += part.length;
  });
  parts.push(`xref\n0 ${objects.length}\n0000000000 65535 f \n${offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`);
  parts.push(`trailer\n<< /Size ${objects.length} /Root 1 0 R ${info === '' ? '' : `/Info << ${info} >>`} >>\nstartxref\n${length}\n%%EOF`);
  return parts.join('');
}

/** Lines of text one below the other. */
export function column(x: number, top: number, lines: readonly string[], size = 10): PlacedText[] {
  return lines.map((text, index) => ({ x, y: top - index * size * 1.2, text, size }));
}
