import { XmlReader } from '../ooxml/xmlReader.ts';
import type { XmlEvents } from '../ooxml/xmlReader.ts';
import { readsAsNumber } from '../tables/row.ts';
import type { Cell } from '../tables/row.ts';
import { readReference } from './cellReference.ts';
import { unescapeText } from './escapes.ts';
import type { NumberFormats } from './numberFormats.ts';

export interface CellValues {
  readonly strings: readonly string[];
  readonly formats: NumberFormats;
}

/** Reads the rows of a sheet as events come in; only the row that is open is held. Formulas stand with the value they had last. */
export class SheetRows implements XmlEvents {
  readonly #values: CellValues;
  readonly #onRow: (index: number, cells: readonly Cell[]) => void;
  #row = -1;
  #column = -1;
  #cells: Cell[] = [];
  #type = '';
  #style = 0;
  #value = '';
  #isValue = false;
  #phonetic = 0;

  constructor(values: CellValues, onRow: (index: number, cells: readonly Cell[]) => void) {
    this.#values = values;
    this.#onRow = onRow;
  }

  /** A reader of the XML of a sheet. */
  reader(): XmlReader {
    return new XmlReader(this);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes['r']);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'rPh') this.#phonetic += 1;
    this.#isValue = (name === 'v' || name === 't') && this.#phonetic === 0;
  }

  text(text: string): void {
    if (this.#isValue) this.#value += text;
  }

  close(name: string): void {
    this.#isValue = false;
    if (name === 'c') this.#closeCell();
    else if (name === 'rPh') this.#phonetic -= 1;
    else if (name === 'row') this.#onRow(this.#row, this.#cells);
  }

  /** Rows and cells that do not say where they are come right after the last. */
  #openRow(number: string | undefined): void {
    const stated = number === undefined ? NaN : Number(number) - 1;
    this.#row = Number.isInteger(stated) && stated > this.#row ? stated : this.#row + 1;
    this.#column = -1;
    this.#cells = [];
  }

  #openCell({ r: reference, t: type, s: style }: Readonly<Record<string, string>>): void {
    const stated = readReference(reference)?.column ?? -1;
    this.#column = stated > this.#column ? stated : this.#column + 1;
    this.#type = type ?? 'n';
    this.#style = Number(style ?? 0);
    this.#value = '';
  }

  #closeCell(): void {
    if (this.#value === '') return;
    const text = this.#shown().trim();
    if (text === '') return;
    const isNumber = this.#type === 'n' || this.#type === 'd' || readsAsNumber(text);
    this.#cells.push({ column: this.#column, text, isNumber });
  }

  #shown(): string {
    switch (this.#type) {
      case 's':
        return this.#values.strings[Number(this.#value)] ?? '';
      case 'b':
        return this.#value === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        return this.#values.formats.show(this.#value, this.#style);
      default:
        return unescapeText(this.#value);
    }
  }
}
