import type { Tokenizer } from '../../ports/tokenizer.ts';

/** No tokenizer makes fewer tokens of ordinary text than one for so many characters; what is longer is noise (an encoded picture). */
export const mostCharactersPerToken = 10;

/** Cuts before `length`, at the last space where there is one, never within a surrogate pair. */
function cutAt(text: string, length: number): string {
  const cut = text.slice(0, length);
  const space = cut.lastIndexOf(' ');
  return (space > length / 2 ? cut.slice(0, space) : cut).toWellFormed().replace(/\ufffd$/, '').trimEnd();
}

/** The text itself when it has at most `limit` tokens, else its beginning with an ellipsis. */
export function shorten(text: string, limit: number, tokenizer: Tokenizer): string {
  let short = text.length > limit * mostCharactersPerToken ? `${cutAt(text, limit * mostCharactersPerToken)}…` : text;
  for (let tokens = tokenizer.count(short); tokens > limit && short.length > 1; tokens = tokenizer.count(short)) {
    const length = Math.min(short.length - 2, Math.floor((short.length * limit) / tokens));
    short = length < 1 ? '' : `${cutAt(short, length)}…`;
  }
  return short;
}
