/** Nested quotes and lists beyond these depths mean nothing to a reader, but cost the parser the square of their depth. */
const deepestQuote = 32;
const deepestIndent = 64;

const quoteMarks = new RegExp(`^((?:[ \\t]*>){${deepestQuote}})(?:[ \\t]*>)+`, 'gm');
const listIndent = new RegExp(`^[ \\t]{${deepestIndent},}(?=(?:[-*+]|\\d{1,9}[.)])[ \\t])`, 'gm');
/** Several list marks in a row on one line nest as well. */
const listMarks = /^((?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+){16})(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+/gm;

/** The source with its deepest nesting flattened. */
export function limitNesting(source: string): string {
  return source.replace(quoteMarks, '$1').replace(listIndent, ' '.repeat(deepestIndent)).replace(listMarks, '$1');
}
