import type { QueryIntent } from '../../contracts/queryAnalysis.ts';
import { fold } from '../sparse/fold.ts';

export interface Intent {
  readonly intent: QueryIntent;
  /** What in the query speaks for it, in words. */
  readonly evidence: readonly string[];
}

/** A text of so many words, or sentences, is a passage whose like is looked for. */
const passageWords = 25;
const passageSentences = 3;
/** Longer queries are about something, even where they name codes. */
const mostIdentifierWords = 4;
const fewestQuestionWords = 3;

const questionWords = new Set(
  `what why how who whom whose when where which is are was were do does did can could should would will may has have
  was wie warum wieso weshalb wer wen wem wessen wann wo wohin woher welche welcher welches kann darf muss soll gibt
  que quoi comment pourquoi qui quand ou quel quelle quels quelles est-ce combien
  por como quien quienes cuando donde cual cuales cuanto cuantos
  cosa come perche chi quando dove quale quali quanto quanti
  o quem onde qual quais quantos
  wat hoe waarom wanneer waar welke
  hur vad varfor hvad hvordan hvorfor hva
  что как почему кто когда где какой какая какие сколько можно`.split(/\s+/),
);

/** What a query is, from its form alone. Pure; a microsecond or two. */
export function analyseIntent(query: string): Intent {
  const text = query.trim();
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const sentences = text.match(/[.!?。！？](?:\s|$)/gu)?.length ?? 0;
  if (words.length >= passageWords || sentences >= passageSentences) return { intent: 'passage', evidence: [`${words.length} words, ${sentences} ends of sentences`] };
  if (/[?？؟]\s*$/u.test(text) || text.startsWith('¿')) return { intent: 'question', evidence: ['a question mark'] };
  const identifiers = words.map(bare).filter(isIdentifier);
  if (words.length > 0 && words.length <= mostIdentifierWords && identifiers.length * 2 >= words.length) {
    return { intent: 'identifier', evidence: identifiers.map((word) => `"${word}" is written as a code or a name`) };
  }
  const [first] = words;
  if (first !== undefined && words.length >= fewestQuestionWords && questionWords.has(fold(bare(first)))) return { intent: 'question', evidence: [`it begins with "${bare(first)}"`] };
  return { intent: 'keyword', evidence: [words.length === 1 ? 'one word' : `${words.length} words without the form of a question`] };
}

/** Without the punctuation around it. */
function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}#@]+|[^\p{L}\p{N}+#]+$/gu, '');
}

/** Whether a word is written as codes, numbers and names of programs are: every sign of it counts. */
export function isIdentifier(word: string): boolean {
  if (/\p{N}/u.test(word) && (/\p{L}/u.test(word) || word.length > 3)) return true;
  if (/[\p{L}\p{N}](?:[._/:\\@#]|::)[\p{L}\p{N}]/u.test(word) || /^[#@][\p{L}\p{N}]/u.test(word)) return true;
  return /\p{Ll}\p{Lu}/u.test(word) || /^\p{Lu}{2,}$/u.test(word) || /[+#]$/u.test(word);
}
