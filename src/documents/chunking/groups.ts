import type { ParsedText } from '../../contracts/parsed.ts';
import type { ContextBudget } from './context.ts';
import { readSections } from './sections.ts';
import type { UnitCutter, Unit } from './units.ts';

/** Sections that may share chunks. `budget`: tokens for a passage, beside the longest context among them. */
export interface Group {
  readonly units: Unit[];
  readonly paths: Map<number, readonly string[]>;
  budget: number;
  tokens: number;
  readonly firstPath: readonly string[];
}

/** Sections with fewer tokens are joined to a neighbour whatever its size. */
const tinyTokens = 24;
/** Small sections, by share of the limit, are joined with each other up to a second share. */
const smallShare = 0.25;
const joinedShare = 0.5;
/** Tokenizers other than WordPiece may count a passage a little higher than the sum of its parts: a unit leaves room for that. */
const unitShare = 0.95;

export function commonLength(left: readonly string[], right: readonly string[]): number {
  let length = 0;
  while (length < left.length && length < right.length && left[length] === right[length]) length += 1;
  return length;
}

/** Siblings under one heading, or one above the other. */
function areRelated(left: readonly string[], right: readonly string[]): boolean {
  const common = commonLength(left, right);
  return common >= Math.max(left.length, right.length) - 1 || common === left.length || common === right.length;
}

/** Both small enough to make one chunk of a good size. */
function areSmall(group: Group, next: Group): boolean {
  const budget = Math.min(group.budget, next.budget);
  return areRelated(group.firstPath, next.firstPath) && next.tokens <= budget * smallShare && group.tokens + next.tokens <= budget * joinedShare;
}

/** Headings alone lead to what follows, whatever it is; a line or two goes with a neighbour, even one that is not closely related. */
function isTiny(group: Group, next: Group): boolean {
  if (group.tokens <= tinyTokens && group.units.every(({ block }) => block.kind === 'heading')) return true;
  if (group.tokens <= tinyTokens) return areRelated(group.firstPath, next.firstPath);
  return next.tokens <= tinyTokens && commonLength(group.firstPath, next.firstPath) >= Math.min(group.firstPath.length, next.firstPath.length) - 1;
}

function join(group: Group, next: Group): void {
  for (const unit of next.units) group.units.push(unit);
  for (const [key, path] of next.paths) group.paths.set(key, path);
  group.tokens += next.tokens;
  group.budget = Math.min(group.budget, next.budget);
}

function* sectionGroups(parsed: ParsedText, context: ContextBudget, cutter: UnitCutter): Generator<Group> {
  let index = 0;
  for (const section of readSections(parsed)) {
    const { budget } = context.of(section.path);
    const units = section.blocks.flatMap((block) => [...cutter.cut(block, index, Math.floor(budget * unitShare))]);
    const tokens = units.reduce((sum, unit) => sum + unit.tokens, 0);
    yield { units, paths: new Map([[index, section.path]]), budget, tokens, firstPath: section.path };
    index += 1;
  }
}

/** Joins each group to the one before it wherever the two belong together. */
function* joined(groups: Iterable<Group>, belongTogether: (group: Group, next: Group) => boolean): Generator<Group> {
  let group: Group | undefined;
  for (const next of groups) {
    if (group !== undefined && belongTogether(group, next)) {
      join(group, next);
      continue;
    }
    if (group !== undefined) yield group;
    group = next;
  }
  if (group !== undefined) yield group;
}

/** Cuts a document into units and joins sections too small to stand alone: small ones with each other, then what is still tiny with any neighbour. */
export function groupSections(parsed: ParsedText, context: ContextBudget, cutter: UnitCutter): Generator<Group> {
  return joined(joined(sectionGroups(parsed, context, cutter), areSmall), isTiny);
}
