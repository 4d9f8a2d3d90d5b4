import { foldWord } from './foldWord.ts';

/**
 * What a word may be in a sentence to a model. A word may be several. Attacks come in the languages of their models, so the words of
 * a few are listed; scrambled by rot13 they count as themselves.
 */
export const wordClasses = {
  override: 'ignore ignores ignoring ignored disregard disregards disregarding forget forgets forgetting override overriding bypass bypassing circumvent discard dismiss neglect nullify unlearn ignoriere ignorieren ignoriert vergiss vergessen missachte missachten ignorez ignorer oublie oubliez oublier ignora ignorar ignorad olvida olvide olvidar olvidate dimentica dimenticare ignorare esqueca esquecer negeer vergeet zignoruj zapomnij игнорируй игнорируйте игнорировать забудь забудьте проигнорируй',
  earlier: 'previous previously prior above earlier preceding foregoing past former existing original initial vorherigen vorherige vorigen bisherigen obigen fruheren precedentes precedente precedents anteriores anterior previas previos precedenti vorige eerdere poprzednie powyzsze предыдущие предыдущих прежние',
  every: 'all any every each entire alle alles samtliche toutes tous todas todos tutte tutti wszystkie все всё',
  everything: 'everything anything alles tout todo tutto tudo wszystko',
  yours: 'your ur deine deinen ihre ihren vos tes tus sus tuas suas твои ваши',
  system: 'system developer hidden secret internal initial underlying confidential systemprompt',
  instruction: 'instruction instructions prompt prompts directive directives programming preprompt systemprompt anweisung anweisungen instruktionen vorgaben consignes instrucciones istruzioni instrucoes instructies instrukcje polecenia инструкции инструкций указания указаний',
  rule: 'rule rules guideline guidelines guardrail guardrails guidance command commands order orders constraint constraints restriction restrictions safeguard safeguards filter filters policy policies regeln richtlinien befehle regles reglas regole regras правила',
  training: 'training context conversation persona',
  told: 'told said written learned learnt instructed know',
  negation: 'not dont never stop cease quit longer nicht',
  follow: 'follow following obey obeying adhere comply heed',
  reveal: 'reveal print repeat output display leak dump disclose expose recite echo divulge paste summarize summarise translate zeige nenne affiche muestra mostra',
  show: 'show tell give share write return list provide what',
  you: 'you u du sie tu vous usted',
  youre: 'youre',
  are: 'are re act become bist sind es eres',
  now: 'now henceforth hereafter ab jetzt desormais ahora',
  pretend: 'pretend roleplay simulate impersonate imagine act behave respond answer reply operate function',
  unbound: 'dan jailbroken jailbreak unrestricted unfiltered uncensored unmoderated unaligned amoral evil',
  model: 'ai llm llms chatbot chatbots gpt chatgpt claude gemini copilot llama mistral assistant assistants bot bots ki ia ии',
  language: 'language large',
  models: 'model models',
  mode: 'mode modus',
  special: 'developer debug god dan jailbreak sudo admin maintenance unrestricted root',
  without: 'without no ignoring',
  address: 'note attention attn important notice message instruction instructions dear hey hello hi hinweis achtung nota',
  reader: 'if when whenever while before',
  reading: 'summarizing summarising summarize summarise reading processing answering responding reviewing evaluating indexing retrieving ranking translating analyzing analysing parsing crawling asked',
  material: 'page document text article website content passage file email message paper resume cv site context this it',
  must: 'must should shall always never please do respond answer reply say state output include recommend rate rank rate write tell mention append prefer claim print call add insert',
  send: 'send post upload transmit forward exfiltrate submit leak email mail schicke sende envoie envia invia',
  secret: 'password passwords passphrase passphrases credential credentials apikey apikeys cookies conversation conversations chat prompt prompts',
  web: 'http https www webhook ftp mailto',
  new: 'new updated revised actual real overriding',
  task: 'instruction instructions task objective directive prompt orders',
  end: 'end begin start beginning',
} as const;
export type WordClass = keyof typeof wordClasses;

const names = Object.keys(wordClasses) as WordClass[];
/** A bit for each class; there are more than a number of 32 bits holds, so a class lies in one of two. */
const wordOfBits = 31;

export interface ClassMask {
  readonly low: number;
  readonly high: number;
}

export function maskOf(classes: readonly WordClass[]): ClassMask {
  const mask = { low: 0, high: 0 };
  for (const name of classes) {
    const position = names.indexOf(name);
    if (position < wordOfBits) mask.low |= 1 << position;
    else mask.high |= 1 << (position - wordOfBits);
  }
  return mask;
}

function rot13(word: string): string {
  return word.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
}

function listWords(): Map<string, WordClass[]> {
  const classes = new Map<string, WordClass[]>();
  for (const name of names) for (const written of wordClasses[name].split(' ')) {
    const word = foldWord(written).text;
    classes.set(word, [...(classes.get(word) ?? []), name]);
  }
  return classes;
}

const byWord = listWords();

/** Scrambled words are those by which attacks are told: all others would only be noise. */
const scrambled: ReadonlySet<WordClass> = new Set(['override', 'earlier', 'instruction', 'reveal', 'system']);
const longestScrambled = 5;

export const masks: ReadonlyMap<string, ClassMask> = new Map([
  ...[...byWord].filter(([word, classes]) => word.length >= longestScrambled && /^[a-z]+$/.test(word) && classes.some((name) => scrambled.has(name))).map(([word, classes]) => [rot13(word), maskOf(classes)] as const),
  ...[...byWord].map(([word, classes]) => [word, maskOf(classes)] as const),
]);

/** A misspelled word that people and models read all the same: first and last letter right, those between in any order. */
function shapeOf(word: string): string {
  return (word[0] ?? '') + [...word.slice(1, -1)].sort().join('') + (word.at(-1) ?? '');
}

const shortestShape = 6;
const shapes: ReadonlyMap<string, ClassMask> = new Map([...byWord].filter(([word, classes]) => word.length >= shortestShape && /^[a-z]+$/.test(word) && classes.some((name) => scrambled.has(name))).map(([word, classes]) => [shapeOf(word), maskOf(classes)] as const));
const ends: ReadonlySet<string> = new Set([...shapes.keys()].map((shape) => `${shape[0]}${shape.at(-1)}${shape.length}`));

/** For words that are none of the list. */
export function maskOfShape(word: string): ClassMask | undefined {
  if (word.length < shortestShape || !ends.has(`${word[0]}${word.at(-1)}${word.length}`)) return undefined;
  return shapes.get(shapeOf(word));
}
