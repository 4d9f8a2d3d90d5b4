import type { Chunk } from '../../contracts/chunks.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { Failure } from '../../contracts/failure.ts';
import { isAtLeast } from '../../contracts/risk.ts';
import type { ContentRules } from './contentRules.ts';

export interface Sorted {
  /** For the index. */
  readonly kept: readonly Chunk[];
  /** Of the rest, where there is one. */
  readonly quarantined?: Failure;
}

const mostNamed = 10;

/** The passages that may be searched. Throws DOCUMENT_QUARANTINED where none may. */
export function withoutQuarantined(chunks: readonly Chunk[], { quarantine }: Pick<ContentRules, 'quarantine'>): Sorted {
  if (quarantine === undefined) return { kept: chunks };
  const held = chunks.filter(({ risk }) => risk !== undefined && isAtLeast(risk.level, quarantine));
  if (held.length === 0) return { kept: chunks };
  const found = [...new Set(held.flatMap(({ risk }) => risk?.kinds ?? []))].sort().join(', ');
  if (held.length === chunks.length) throw new CatalystError('DOCUMENT_QUARANTINED', `The risk of ${chunks.length === 1 ? 'its only passage' : `all ${chunks.length} passages`} is ${quarantine} or higher: ${found}.`);
  const ordinals = new Set(held.map(({ ordinal }) => ordinal));
  const named = held.slice(0, mostNamed).map(({ ordinal }) => ordinal).join(', ');
  const message = `${held.length} of ${chunks.length} passages are kept from search, since their risk is ${quarantine} or higher: ${found}. By ordinal: ${named}${held.length > mostNamed ? ' …' : ''}.`;
  return { kept: chunks.filter(({ ordinal }) => !ordinals.has(ordinal)), quarantined: toFailure(new CatalystError('PASSAGES_QUARANTINED', message)) };
}
