import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { codeSystemNames, codeSystems } from '../../contracts/codes/codeSystems.ts';
import type { CodeSystemName } from '../../contracts/codes/codeSystems.ts';
import { sourceTypes, tiers } from '../../contracts/documents.ts';
import type { SourceType, Tier } from '../../contracts/documents.ts';
import type { CodesFilter } from '../../contracts/filters/codes.ts';
import { riskLevels } from '../../contracts/risk.ts';
import type { RiskFilter } from '../../contracts/risk.ts';
import type { SearchFilters } from '../../contracts/search.ts';
import { moment } from '../checkedValues.ts';
import { collect } from '../optionValues.ts';
import { metadataFilterOption } from './metadataFilterOption.ts';

export interface FilterOptions {
  readonly tag?: string[];
  readonly withoutTag?: string[];
  readonly source?: string;
  readonly host?: string;
  readonly under?: string;
  readonly tier?: Tier[];
  readonly language?: string[];
  readonly code?: CodesFilter;
  readonly metadata?: NonNullable<SearchFilters['metadata']>;
  readonly since?: string;
  readonly risk?: NonNullable<RiskFilter['atMost']>;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option('--tag <tag>', 'documents with this tag; repeated: with any of them', collect)
    .option('--without-tag <tag>', 'documents without this tag; may be repeated', collect)
    .option('--source <source>', `documents of this source: ${sourceTypes.join(', ')}, or an address, file name or chosen id`)
    .option('--host <host>', 'documents whose web address is on this host')
    .option('--under <beginning>', 'documents whose address, file name or id begins so')
    .addOption(new Option('--tier <tier...>', 'passages of these tiers').choices(tiers))
    .option('--language <tag>', 'documents in this language, such as en or pt-BR; repeated: in any of them', collect)
    .option('--code <system=code>', `passages with this code or one below it, such as icd-10=E11 or icd-10=E10-E14; repeated: any of a system (${codeSystemNames.join(', ')})`, codeOption)
    .option('--metadata <condition>', 'key=value, key!=value, key^=beginning, key>=number, key<number, key>=date, key?, key!; may be repeated', metadataFilterOption)
    .addOption(new Option('--risk <most>', 'passages of no higher risk, by what they say to models; none: nothing was found').choices(['none', ...riskLevels]))
    .option('--since <day>', 'documents ingested on this day or later', moment);
}

export function filtersOf(options: FilterOptions): SearchFilters {
  const source = { ...sourceOf(options.source), ...(options.host === undefined ? {} : { host: options.host }), ...(options.under === undefined ? {} : { locationPrefix: options.under }) };
  return {
    ...(options.tag === undefined ? {} : { tags: options.tag }),
    ...(Object.keys(source).length === 0 ? {} : { source }),
    ...(options.tier === undefined ? {} : { tiers: options.tier }),
    ...(options.language === undefined ? {} : { languages: options.language }),
    ...(options.code === undefined ? {} : { codes: options.code }),
    ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
    ...(options.risk === undefined ? {} : { risk: { atMost: options.risk } }),
    ...(options.since === undefined ? {} : { ingestedAt: { from: options.since } }),
    ...(options.withoutTag === undefined ? {} : { not: { tags: options.withoutTag } }),
  };
}

function sourceOf(text: string | undefined): NonNullable<SearchFilters['source']> {
  if (text === undefined) return {};
  return isSourceType(text) ? { type: text } : { location: text };
}

function isSourceType(text: string): text is SourceType {
  return (sourceTypes as readonly string[]).includes(text);
}

function codeOption(text: string, earlier: CodesFilter | undefined): CodesFilter {
  const [, system, code] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (system === undefined || code === undefined || !isCodeSystem(system)) throw new InvalidArgumentError(`It must be of the form system=code, the system one of ${codeSystemNames.join(', ')}.`);
  if (codeSystems[system].wanted(code) === undefined) throw new InvalidArgumentError(`It must be ${codeSystems[system].expectation}.`);
  return { ...earlier, [system]: [...(earlier?.[system] ?? []), code] };
}

function isCodeSystem(text: string): text is CodeSystemName {
  return (codeSystemNames as readonly string[]).includes(text);
}
