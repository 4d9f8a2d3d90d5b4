import type { Principal } from '../../contracts/principal.ts';
import type { Vocabulary } from '../../ports/vocabulary.ts';
import { createLexicon } from './lexicon.ts';
import type { Lexicon } from './lexicon.ts';

export interface LexiconSettings {
  /** Milliseconds that a lexicon is used. */
  readonly keptMs: number;
  /** Lexicons in memory at once, a few megabytes each at the most. */
  readonly most: number;
  /** Words of one lexicon. */
  readonly words: number;
}

export const defaultLexiconSettings: LexiconSettings = { keptMs: 60_000, most: 32, words: 50_000 };

interface Kept {
  readonly since: number;
  readonly lexicon: Promise<Lexicon>;
}

/**
 * The words a caller may see, kept for a short time by tenant and policies: callers who may see the same share them, and no others
 * do. Asked for by many at once, they are read once.
 */
export function createLexicons(vocabulary: Pick<Vocabulary, 'listWords'>, settings: LexiconSettings = defaultLexiconSettings, now: () => number = () => performance.now()): (principal: Principal) => Promise<Lexicon> {
  const kept = new Map<string, Kept>();
  return (principal) => {
    const key = JSON.stringify([principal.tenant, [...principal.policies].sort()]);
    const present = kept.get(key);
    if (present !== undefined && now() - present.since < settings.keptMs) return present.lexicon;
    const lexicon = vocabulary.listWords(principal, settings.words).then(createLexicon);
    const made = { since: now(), lexicon };
    kept.delete(key);
    kept.set(key, made);
    // What failed is not kept; whoever asked is told.
    lexicon.catch(() => kept.get(key) === made && kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= settings.most) break;
      kept.delete(oldest);
    }
    return lexicon;
  };
}
