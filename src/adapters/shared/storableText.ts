/** Text from the web as it may be kept and shown: no control characters, no halves of characters, and at most so long. */
export function storableText(text: string, maximumLength: number): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out; Postgres takes no NUL at all
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, maximumLength).toWellFormed();
}
