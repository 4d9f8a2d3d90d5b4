/** What stands between commas, without white space around it; empty pieces are none. */
export function commaList(text = ''): string[] {
  return text.split(',').map((piece) => piece.trim()).filter((piece) => piece !== '');
}
