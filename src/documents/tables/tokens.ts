/** Characters of a word, digits of a number, that make a token. */
const wordCharacters = 5;
const digitCharacters = 2;
/** From here on scripts write without spaces, about a token a character. */
const firstDense = 0x2e80;

type Kind = 'space' | 'word' | 'digit' | 'sign' | 'dense';

function kindOf(code: number): Kind {
  if (code <= 0x20 || code === 0xa0) return 'space';
  if (code >= 0x30 && code <= 0x39) return 'digit';
  if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return 'word';
  if (code < 0xaa) return 'sign';
  return code >= firstDense ? 'dense' : 'word';
}

function tokensOf(kind: Kind, length: number): number {
  if (kind === 'space') return 0;
  if (kind === 'word') return Math.ceil(length / wordCharacters);
  return kind === 'digit' ? Math.ceil(length / digitCharacters) : length;
}

/** About how many tokens a text has, whatever the tokenizer; parsing must not depend on the embedding model. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let kind: Kind = 'space';
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const next = kindOf(text.charCodeAt(index));
    if (next !== kind) {
      tokens += tokensOf(kind, length);
      kind = next;
      length = 0;
    }
    length += 1;
  }
  return tokens + tokensOf(kind, length);
}
