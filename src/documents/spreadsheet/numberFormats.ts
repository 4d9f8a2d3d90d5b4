import { format, isDateFormat } from 'numfmt';
import type { ZipArchive } from '../zip/openZip.ts';
import { childrenOf, find, parseXml } from '../ooxml/xmlTree.ts';

/** Formats that files name by number alone. The short dates of the reader's own country (14, 22) are written so that no country misreads them. */
const builtIn: Readonly<Record<number, string>> = {
  1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 9: '0%', 10: '0.00%', 11: '0.00E+00', 12: '# ?/?', 13: '# ??/??',
  14: 'yyyy-mm-dd', 15: 'd-mmm-yy', 16: 'd-mmm', 17: 'mmm-yy', 18: 'h:mm AM/PM', 19: 'h:mm:ss AM/PM', 20: 'h:mm', 21: 'h:mm:ss', 22: 'yyyy-mm-dd hh:mm',
  37: '#,##0;(#,##0)', 38: '#,##0;(#,##0)', 39: '#,##0.00;(#,##0.00)', 40: '#,##0.00;(#,##0.00)', 45: 'mm:ss', 46: '[h]:mm:ss', 47: 'mm:ss.0', 48: '##0.0E+0', 49: '@',
};
const general = 'General';
/** Excel takes no longer format. */
const longestFormat = 255;
/** Days between the two calendars that workbooks count by. */
const days1904 = 1462;

/** Shows numbers as a spreadsheet shows them: dates, shares, currencies, thousands. */
export class NumberFormats {
  readonly #patterns: readonly string[];
  readonly #addedDays: number;

  constructor(patterns: readonly string[], countsFrom1904: boolean) {
    this.#patterns = patterns;
    this.#addedDays = countsFrom1904 ? days1904 : 0;
  }

  /** The text of a number in a cell of a style; a number that its format cannot show is shown as it is. */
  show(value: string, style: number): string {
    const pattern = this.#patterns[style] ?? general;
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) return value;
    if (pattern === general && /^-?\d{1,11}$/.test(value)) return value;
    const shown = format(pattern, isDateFormat(pattern) ? number + this.#addedDays : number, { throws: false, nbsp: false }).trim();
    return /^#+$/.test(shown) ? String(number) : shown;
  }
}

/** The number format of each cell style of a workbook. */
export function readNumberFormats(archive: ZipArchive, part: string | undefined, countsFrom1904: boolean): NumberFormats {
  const bytes = part === undefined ? undefined : archive.read(part);
  if (bytes === undefined) return new NumberFormats([], countsFrom1904);
  const styles = parseXml(bytes);
  const own = new Map(childrenOf(find(styles, 'numFmts') ?? styles, 'numFmt').map(({ attributes }) => [Number(attributes['numFmtId']), attributes['formatCode'] ?? general]));
  const patterns = childrenOf(find(styles, 'cellXfs') ?? styles, 'xf').map(({ attributes }) => {
    const id = Number(attributes['numFmtId'] ?? 0);
    const pattern = own.get(id) ?? builtIn[id] ?? general;
    return pattern.length > longestFormat ? general : pattern;
  });
  return new NumberFormats(patterns, countsFrom1904);
}
