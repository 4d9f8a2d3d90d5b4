/** A line of text at a place of the page, in points from its lower left corner. */
export interface PlacedText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size?: number;
  /** Degrees. */
  readonly turned?: number;
}

function content(texts: readonly PlacedText[]): string {
  return texts.map(({ x, y, text, size = 10, turned = 0 }) => {
    const [cosine, sine] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)];
    return `BT /F1 ${size} Tf ${cosine.toFixed(5)} ${sine.toFixed(5)} ${(-sine).toFixed(5)} ${cosine.toFixed(5)} ${x} ${y} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
  }).join('\n');
}

/** A PDF of given pages in Helvetica, 612 by 792 points each; a page given as `broken` is named in the page tree but is no page, one given as `picture` shows a picture alone. */
export function makePdf(pages: readonly (readonly PlacedText[] | 'broken' | 'picture')[], info = ''): Uint8Array {
  const objects: string[] = [];
  const pageNumbers = pages.map((_, index) => 4 + index * 2);
  objects[1] = '<< /Type /Catalog /Pages 2 0 R >>';
  objects[2] = `<< /Type /Pages /Count ${pages.length} /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] >>`;
  objects[3] = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';
  pages.forEach((page, index) => {
    const number = 4 + index * 2;
    const stream = page === 'broken' ? '' : page === 'picture' ? 'q 100 0 0 100 72 600 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q' : content(page);
    objects[number] = page === 'broken' ? '(no page at all)' : `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${number + 1} 0 R >>`;
    objects[number + 1] = `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`;
  });
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  objects.forEach((object, number) => {
    offsets[number] = file.length;
    file += `${number} 0 obj\n${object}\nendobj\n`;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length}\n0000000000 65535 f \n${offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`;
  file += `trailer\n<< /Size ${objects.length} /Root 1 0 R ${info === '' ? '' : `/Info << ${info} >>`} >>\nstartxref\n${table}\n%%EOF`;
  return Buffer.from(file, 'latin1');
}

/** Lines of text one below the other. */
export function column(x: number, top: number, lines: readonly string[], size = 10): PlacedText[] {
  return lines.map((text, index) => ({ x, y: top - index * size * 1.2, text, size }));
}
