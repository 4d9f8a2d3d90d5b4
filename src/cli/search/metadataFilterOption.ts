import { InvalidArgumentError } from 'commander';
import { momentSchema } from '../../contracts/filters/dates.ts';
import type { MetadataCondition } from '../../contracts/filters/metadata.ts';
import type { SearchFilters } from '../../contracts/search.ts';
import { scalarOf } from '../optionValues.ts';

type MetadataFilter = NonNullable<SearchFilters['metadata']>;
type Wanted = MetadataFilter[string];

const form = 'It must be of the form key=value, key!=value, key^=beginning, key>=number, key>=date and the like, key? (there is one) or key! (there is none).';

/**
 * A condition on a metadata key; several on one key are joined. `=`, `!=` (of several with one of these: any, none), `^=` for the
 * beginning of a text, `>=`, `>`, `<=`, `<` for numbers, `>=` and `<=` for dates, `?` and `!` behind the key for its presence.
 */
export function metadataFilterOption(text: string, earlier: MetadataFilter | undefined): MetadataFilter {
  const [, key, operator, value] = /^([^=<>!^?]+)(>=|<=|>|<|!=|\^=|=)(.*)$/s.exec(text) ?? /^([^=<>!^?]+)(\?|!)()$/.exec(text) ?? [];
  if (key === undefined || operator === undefined || value === undefined) throw new InvalidArgumentError(form);
  const present = earlier?.[key];
  if (operator === '=' && !isCondition(present)) return { ...earlier, [key]: joined(present, scalarOf(value)) };
  return { ...earlier, [key]: { ...conditionOf(present), ...partOf(operator, value, conditionOf(present)) } };
}

function partOf(operator: string, value: string, present: MetadataCondition): MetadataCondition {
  switch (operator) {
    case '=':
      return { any: [...(present.any ?? []), scalarOf(value)] };
    case '!=':
      return { not: [...listOf(present.not), scalarOf(value)] };
    case '^=':
      return { prefix: value };
    case '?':
      return { exists: true };
    case '!':
      return { exists: false };
    default:
      return boundOf(operator, value);
  }
}

function boundOf(operator: string, value: string): MetadataCondition {
  const bound = scalarOf(value);
  if (typeof bound === 'number') return { [({ '>=': 'gte', '>': 'gt', '<=': 'lte', '<': 'lt' } as const)[operator as '>=' | '>' | '<=' | '<']]: bound };
  if (!momentSchema.safeParse(value).success) throw new InvalidArgumentError(`"${value}" is not a number, nor a date such as 2026-01-31 or 2026-01-31T06:00:00Z.`);
  if (operator === '>' || operator === '<') throw new InvalidArgumentError(`Dates are compared with >= and <=, not with ${operator}.`);
  return operator === '>=' ? { from: value } : { to: value };
}

function isCondition(wanted: Wanted | undefined): wanted is MetadataCondition {
  return typeof wanted === 'object' && !Array.isArray(wanted);
}

function conditionOf(wanted: Wanted | undefined): MetadataCondition {
  if (wanted === undefined) return {};
  return isCondition(wanted) ? wanted : { any: listOf(wanted) };
}

function listOf<Value>(values: Value | readonly Value[] | undefined): Value[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? [...(values as readonly Value[])] : [values as Value];
}

/** Values of several equalities on one key: any of them. A list holds texts; of other types it takes a condition. */
function joined(earlier: Exclude<Wanted, MetadataCondition> | undefined, value: string | number | boolean): Wanted {
  if (earlier === undefined) return value;
  const all = [...listOf<string | number | boolean>(earlier), value];
  return all.every((each) => typeof each === 'string') ? all : { any: all };
}
