import type { Principal } from '../../contracts/principal.ts';
import type { Vocabulary } from '../../ports/vocabulary.ts';
import { byTenantAndPolicies, createKept } from '../kept.ts';
import type { KeepingSettings } from '../kept.ts';
import { createLexicon } from './lexicon.ts';
import type { Lexicon } from './lexicon.ts';

export interface LexiconSettings extends KeepingSettings {
  /** Words of one lexicon: a few megabytes at the most. */
  readonly words: number;
}

export const defaultLexiconSettings: LexiconSettings = { keptMs: 60_000, most: 32, words: 50_000 };

/** The words a caller may see, kept for a short time by tenant and policies. */
export function createLexicons(vocabulary: Pick<Vocabulary, 'listWords'>, settings: LexiconSettings = defaultLexiconSettings, now?: () => number): (principal: Principal) => Promise<Lexicon> {
  const kept = createKept(byTenantAndPolicies, (principal) => vocabulary.listWords(principal, settings.words).then(createLexicon), settings, now);
  return (principal) => kept.get(principal).current;
}
