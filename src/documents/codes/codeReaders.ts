import { codeSystemNames } from '../../contracts/codes/codeSystems.ts';
import type { CodeSystemName, FoundCode } from '../../contracts/codes/codeSystems.ts';
import { icd10Grammar } from './icd10Grammar.ts';
import { icd11Grammar } from './icd11Grammar.ts';
import { findMentions } from './mentions.ts';
import { readCodes } from './readCodes.ts';
import type { PlacedCode } from './readCodes.ts';
import type { Mention } from './mentions.ts';

/** Finds the codes of one system in a text, given where the text names classifications. */
type CodeReader = (text: string, mentions: readonly Mention[]) => readonly PlacedCode[];

/** One reader for each known system: one that has none does not compile. */
const codeReaders: Readonly<Record<CodeSystemName, CodeReader>> = {
  'icd-10': (text, mentions) => readCodes(text, icd10Grammar, mentions),
  'icd-11': (text, mentions) => readCodes(text, icd11Grammar, mentions),
};

export interface PlacedFoundCode extends FoundCode {
  readonly start: number;
  readonly end: number;
}

/** The codes of all systems in a text, in the order of their place. */
export function findCodes(text: string): PlacedFoundCode[] {
  const mentions = findMentions(text);
  const found = codeSystemNames.flatMap((system) => codeReaders[system](text, mentions).map((placed) => ({ system, ...placed })));
  return found.sort((left, right) => left.start - right.start);
}
