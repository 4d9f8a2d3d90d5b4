import type { RiskKind } from '../../contracts/risk.ts';
import { findMarks } from './findMarks.ts';
import { findSequences } from './findSequences.ts';
import { findUnseen } from './unseenText.ts';

/** An attack stands at its beginning or repeats itself; a page may hide a whole menu. */
const mostHidden = 50_000;

/** Gathers, while a document is parsed, what it holds that its readers do not see: none of it becomes text, so that it is looked at here. */
export class Concealment {
  readonly #kinds = new Set<RiskKind>();
  readonly #hidden: string[] = [];
  #length = 0;

  /** A text as it was written, before characters that are not shown are removed from it. */
  look(written: string): void {
    const { kinds, spelled } = findUnseen(written);
    for (const kind of kinds) this.#kinds.add(kind);
    this.hide(spelled);
  }

  /** A text that readers do not see. */
  hide(text: string): void {
    if (text.trim() === '' || this.#length >= mostHidden) return;
    const taken = text.slice(0, mostHidden - this.#length);
    this.#hidden.push(taken);
    this.#length += taken.length;
  }

  add(kinds: readonly RiskKind[]): void {
    for (const kind of kinds) this.#kinds.add(kind);
  }

  /** What was found; what is merely hidden (menus, notes for screen readers) is nothing. */
  get kinds(): RiskKind[] {
    const hidden = this.#hidden.join('\n');
    const speaks = hidden !== '' && [...findSequences(hidden), ...findMarks(hidden)].some(({ kind }) => kind !== 'exfiltration');
    return [...new Set<RiskKind>([...this.#kinds, ...(speaks ? (['hidden-instruction'] as const) : [])])].sort();
  }
}
