/** A cell that holds anything. */
export interface Cell {
  /** From 0. */
  readonly column: number;
  readonly text: string;
  /** Whether it is a number, date or amount rather than words. */
  readonly isNumber: boolean;
  /** Columns that it spans, itself included; 1 where nothing is said. */
  readonly span?: number;
}

/** The filled cells of a row, by column; a row may reach over a million columns and hold one cell. */
export type Row = readonly Cell[];

const numeric = /^[-+−(]?\s?(?:[$€£¥₩₽]|[A-Z]{3}\s)?\s?[-+−]?\d[\d.,'’\u00a0\u202f ]*(?:e[-+]?\d+)?\s?(?:%|‰|[$€£¥₩₽]|[A-Z]{3})?\)?$/i;
const date = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[T ]\d{1,2}:\d{2}\S*)?$|^\d{1,2}:\d{2}(?::\d{2})?$/;

/** Whether a cell holds data; the number of a year may just as well name a column. */
export function isData({ text, isNumber }: Cell): boolean {
  return isNumber && !/^(?:19|20)\d\d$/.test(text);
}

/** Whether the text of a cell reads as a number, an amount, a share or a date. */
export function readsAsNumber(text: string): boolean {
  return text.length <= 40 && (numeric.test(text) || date.test(text));
}

/** A row of texts as its filled cells. */
export function rowOf(texts: readonly string[]): Row {
  return texts.flatMap((raw, column) => {
    const text = raw.trim();
    return text === '' ? [] : [{ column, text, isNumber: readsAsNumber(text) }];
  });
}
