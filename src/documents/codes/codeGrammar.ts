/**
 * How much it takes to believe that what is written like a code is one.
 * `alone`: the form says it. `document`: the document names the classification somewhere. `context`: words or a list around it say so.
 * `attached`: it stands right behind another code of the system.
 */
export type Needs = 'alone' | 'document' | 'context' | 'attached';

export interface WrittenCode {
  readonly code: string;
  readonly needs: Needs;
}

/** How the codes of a system are written in texts, and when they are to be believed. */
export interface CodeGrammar {
  /** The revision of the classification whose mention makes codes of it. */
  readonly revision: '10' | '11';
  /** Global; matches whole tokens in time linear in the text. */
  readonly pattern: RegExp;
  /** Undefined where the match is no code after all. */
  read(match: RegExpExecArray, text: string): WrittenCode | undefined;
  /** The codes between the two ends of a range in a text, where they are few; without the ends. */
  between(first: string, last: string): string[];
}
