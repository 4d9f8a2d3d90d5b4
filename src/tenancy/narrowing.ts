import { codeSystemNames, codeSystems } from '../contracts/codes/codeSystems.ts';
import { CatalystError } from '../contracts/errors.ts';
import type { CodesFilter } from '../contracts/filters/codes.ts';
import { canonicalHost } from '../contracts/filters/host.ts';
import { levelsAbove } from '../contracts/risk.ts';
import type { RiskFilter } from '../contracts/risk.ts';
import { canonicalLanguage } from '../contracts/filters/language.ts';
import type { SearchFilters } from '../contracts/search.ts';
import { dateBounds } from './dateBounds.ts';
import { codesField, indexFields } from './indexFields.ts';
import type { IndexCondition } from './indexFilter.ts';
import { metadataCondition } from './metadataConditions.ts';

/** The conditions that a caller's filters set, each on its own; `chunkFilter` puts them below those of the principal. Throws INVALID_REQUEST. */
export function narrowing(filters: SearchFilters, pointer: string): IndexCondition[] {
  const { tags, documents, tiers, languages, source, ingestedAt, metadata, codes, risk } = filters;
  return [
    ...(tags === undefined ? [] : [{ key: indexFields.tags, match: { any: tags } }]),
    ...(documents === undefined ? [] : [{ key: indexFields.document, match: { any: documents } }]),
    ...(tiers === undefined ? [] : [{ key: indexFields.tier, match: { any: tiers } }]),
    ...(languages === undefined ? [] : [{ key: indexFields.languages, match: { any: languages.map((tag) => canonicalLanguage(tag) ?? tag) } }]),
    ...(source === undefined ? [] : sourceConditions(source)),
    ...(ingestedAt === undefined ? [] : [{ key: indexFields.ingestedAt, range: dateBounds(ingestedAt) }]),
    ...Object.entries(metadata ?? {}).map(([key, wanted]) => metadataCondition(key, wanted, pointer)),
    ...(codes === undefined ? [] : codeConditions(codes, pointer)),
    ...(risk === undefined ? [] : riskConditions(risk)),
  ];
}

function sourceConditions({ type, location, locationPrefix, host }: NonNullable<SearchFilters['source']>): IndexCondition[] {
  return [
    ...(type === undefined ? [] : [{ key: indexFields.sourceType, match: { value: type } }]),
    ...(location === undefined ? [] : [{ key: indexFields.sourceLocation, match: { value: location } }]),
    ...(locationPrefix === undefined ? [] : [{ key: indexFields.sourceLocation, match: { prefix: locationPrefix } }]),
    ...(host === undefined ? [] : [{ key: indexFields.sourceHost, match: { value: canonicalHost(host) ?? host } }]),
  ];
}

/** A passage in which nothing was found has no level: what is asked for is that it has none of the higher ones. */
function riskConditions({ atMost, kinds }: RiskFilter): IndexCondition[] {
  const higher = atMost === undefined ? [] : levelsAbove(atMost);
  return [
    ...(higher.length === 0 ? [] : [{ must: [], must_not: [{ key: indexFields.riskLevel, match: { any: higher } }] }]),
    ...(kinds === undefined ? [] : [{ key: indexFields.riskKinds, match: { any: kinds } }]),
  ];
}

function codeConditions(codes: CodesFilter, pointer: string): IndexCondition[] {
  const unknown = Object.keys(codes).find((name) => !(codeSystemNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw invalidCodes(`${pointer}/codes/${unknown}`, `one of the code systems ${codeSystemNames.join(', ')}`);
  return codeSystemNames.flatMap((system) => {
    const texts = codes[system];
    if (texts === undefined) return [];
    const any = texts.flatMap((text, index) => {
      const wanted = codeSystems[system].wanted(text);
      if (wanted === undefined) throw invalidCodes(`${pointer}/codes/${system}/${index}`, codeSystems[system].expectation);
      return wanted;
    });
    return [{ key: codesField(system), match: { any: [...new Set(any)] } }];
  });
}

function invalidCodes(pointer: string, expectation: string): CatalystError {
  return new CatalystError('INVALID_REQUEST', `${pointer}: Expected ${expectation}.`, { problems: [{ pointer, code: 'invalid_value', detail: `Expected ${expectation}.` }] });
}
