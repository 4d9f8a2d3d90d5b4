import type { CodeGrammar, Needs } from './codeGrammar.ts';
import type { Mention } from './mentions.ts';
import { beginsLine, followsCodeLabel, followsDiagnosisLabel, followsOtherLabel, isInParentheses, isMeasure, joinsList, joinsRange, mentionsAt } from './surroundings.ts';

/** A code and where it stands; the codes inside a range stand where its end does. */
export interface PlacedCode {
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

interface Candidate extends PlacedCode {
  readonly needs: Needs;
}

/** A document with so many codes that stand alone is about codes, though it does not name the classification. */
const fewestAlone = 3;
/** Lines that begin like a code make a list of codes, in a document about codes, when there are several. */
const fewestLines = 2;

/** The codes of one system in a text, in order. Time is linear in the length of the text. */
export function readCodes(text: string, grammar: CodeGrammar, mentions: readonly Mention[]): PlacedCode[] {
  const candidates = candidatesIn(text, grammar);
  if (candidates.length === 0) return [];
  const isNamed = mentions.some(({ revision }) => revision === grammar.revision);
  const isAbout = isNamed || candidates.filter(({ needs }) => needs === 'alone').length >= fewestAlone;
  const hasList = isAbout && candidates.filter(({ start, end }) => beginsLine(text, start, end)).length >= fewestLines;
  const codes: PlacedCode[] = [];
  for (const candidate of candidates) {
    const { code, needs, start, end } = candidate;
    const last = codes.at(-1);
    const joined = last !== undefined && joinsList(text, last.end, start);
    if (!(joined || (needs !== 'attached' && isBelieved(text, candidate, grammar, mentions, { isNamed, isAbout, hasList })))) continue;
    if (last !== undefined && joinsRange(text, last.end, start)) for (const inner of grammar.between(last.code, code)) codes.push({ code: inner, start, end });
    codes.push({ code, start, end });
  }
  return codes;
}

interface DocumentSigns {
  readonly isNamed: boolean;
  readonly isAbout: boolean;
  readonly hasList: boolean;
}

function isBelieved(text: string, { needs, start, end }: Candidate, grammar: CodeGrammar, mentions: readonly Mention[], signs: DocumentSigns): boolean {
  if (isMeasure(text, start, end) || followsOtherLabel(text, start)) return false;
  const { before, behind } = mentionsAt(text, mentions, start, end);
  if (before?.revision === 'other') return false;
  if (before?.revision === grammar.revision || behind?.revision === grammar.revision) return true;
  if (before?.revision === 'none' && (grammar.revision === '10' || signs.isNamed)) return true;
  if (needs === 'alone' || (needs === 'document' && signs.isNamed)) return true;
  if (!signs.isAbout) return grammar.revision === '10' && followsDiagnosisLabel(text, start);
  return isInParentheses(text, start, end) || (signs.hasList && beginsLine(text, start, end)) || followsDiagnosisLabel(text, start) || followsCodeLabel(text, start);
}

function candidatesIn(text: string, grammar: CodeGrammar): Candidate[] {
  const candidates: Candidate[] = [];
  for (const match of text.matchAll(grammar.pattern)) {
    const written = grammar.read(match, text);
    if (written !== undefined) candidates.push({ ...written, start: match.index, end: match.index + match[0].length });
  }
  return candidates;
}
