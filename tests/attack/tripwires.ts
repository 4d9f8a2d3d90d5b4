/**
 * What may never reach the other tenant. Every planted text holds one of the words below as a whole; they share a beginning,
 * so that one look finds all of them. What a request sends itself may come back.
 */
export interface Tripwires {
  /** A random beginning of every planted word. */
  readonly root: string;
  readonly word: (place: string) => string;
  /** Identifiers, digests and addresses that were seen in answers to their owner. */
  readonly learn: (answer: string) => void;
  readonly learned: number;
  /** The tripwires that an answer holds although the request did not. */
  readonly found: (answer: string, request: string) => string[];
}

const letters = 'bcdfghjklmnpqrstvwxz';
const identifier = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const digest = /sha256:[0-9a-f]{64}/g;
const address = /s3:\/\/[^"\\\s]+/g;

export function createTripwires(): Tripwires {
  const root = `vq${Array.from({ length: 10 }, () => letters[Math.floor(Math.random() * letters.length)]).join('')}`;
  const learned = new Set<string>();
  return {
    root,
    word: (place) => `${root}${place}`,
    learn(answer) {
      for (const form of [identifier, digest, address]) for (const [text] of answer.toLowerCase().matchAll(form)) learned.add(text);
    },
    get learned() {
      return learned.size;
    },
    found(answer, request) {
      const [said, sent] = [answer.toLowerCase(), decoded(request).toLowerCase()];
      // Echoes of what was sent are taken out first: only what is left can have come from elsewhere.
      const rest = [...new Set(sent.match(new RegExp(`${root}[a-z]*`, 'g')) ?? [])].sort((left, right) => right.length - left.length).reduce((text, word) => text.replaceAll(word, ''), said);
      const candidates = [...rest.matchAll(identifier), ...rest.matchAll(digest), ...rest.matchAll(address)].map(([text]) => text);
      return [...(rest.includes(root) ? [root] : []), ...new Set(candidates.filter((text) => learned.has(text) && !sent.includes(text)))];
    },
  };
}

function decoded(text: string): string {
  try {
    return `${text}\n${decodeURIComponent(text)}`;
  } catch {
    return text;
  }
}
