import { digestOf } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import { stageKey } from '../stages/stageKeys.ts';

export interface EmbeddingText {
  readonly text: string;
  readonly tokens: number;
}

/** Texts that are embedded, kept and found again together. */
export interface TextGroup {
  readonly key: Digest;
  readonly texts: readonly EmbeddingText[];
  /** Where each stands among all texts. */
  readonly positions: readonly number[];
}

/** What a kill in the middle of a call costs at the least. */
export const textsPerGroup = 8;

/** The same texts make the same groups for vectors of one version, whatever their order; texts of similar length stand together, which models like. */
export function groupTexts(version: string, texts: readonly EmbeddingText[]): TextGroup[] {
  const all = texts.map((text, position) => ({ ...text, position })).sort((left, right) => left.tokens - right.tokens || compare(left.text, right.text));
  return Array.from({ length: Math.ceil(all.length / textsPerGroup) }, (_, group) => {
    const members = all.slice(group * textsPerGroup, (group + 1) * textsPerGroup);
    const key = stageKey('embed-part', version, digestOf(JSON.stringify(members.map(({ text }) => text))));
    return { key, texts: members, positions: members.map(({ position }) => position) };
  });
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
