import type { Command } from 'commander';
import { Option } from 'commander';
import type { SourceInput } from '../../sdk/resources/sources.ts';
import { addressPattern, collectAs, webAddress } from '../checkedValues.ts';
import { collect, metadataOption, wholeNumber } from '../optionValues.ts';
import { UsageError } from '../usageError.ts';
import { personalDataKinds } from '../../contracts/personalData.ts';
import type { PersonalDataKind } from '../../contracts/personalData.ts';
import { riskLevels } from '../../contracts/risk.ts';
import type { RiskLevel } from '../../contracts/risk.ts';
import type { Metadata } from '../../contracts/documents.ts';

type DefinitionInput = SourceInput['definition'];

export interface DefinitionOptions {
  readonly website?: string;
  readonly sitemap?: string;
  readonly feed?: string;
  readonly page?: string[];
  readonly bucket?: string;
  readonly prefix?: string;
  readonly depth?: number;
  readonly most?: number;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly sitemaps?: 'include' | 'skip' | 'only';
  readonly subdomains?: boolean;
  readonly ignoreQuery?: boolean;
  readonly tag?: string[];
  readonly metadata?: Metadata;
  readonly policy?: string[];
  readonly redact?: PersonalDataKind[];
  readonly quarantine?: RiskLevel;
}

/** Options that say where documents come from, and what goes with them. */
export function addDefinitionOptions(command: Command): Command {
  return command
    .option('--website <address>', 'crawl from this page', webAddress)
    .option('--sitemap <address>', 'read this sitemap', webAddress)
    .option('--feed <address>', 'read this feed (RSS, Atom, JSON Feed)', webAddress)
    .option('--page <address>', 'this page; may be repeated', collectAs(webAddress))
    .option('--bucket <name>', 'import from this bucket, which the operator has opened to the tenant')
    .option('--prefix <text>', 'with --bucket: only keys that begin so')
    .option('--depth <n>', 'with --website: links to follow from the first page', wholeNumber(0, 50))
    .option('--most <n>', 'most documents of a run', wholeNumber(1, 1_000_000))
    .option('--include <pattern>', 'only paths that match, such as /docs/**; may be repeated', collectAs(addressPattern))
    .option('--exclude <pattern>', 'no paths that match; may be repeated', collectAs(addressPattern))
    .addOption(new Option('--sitemaps <use>', 'with --website: its sitemaps').choices(['include', 'skip', 'only']))
    .option('--subdomains', 'with --website: other hosts below its domain too')
    .option('--ignore-query', 'with --website: addresses that differ after "?" are one page')
    .option('--tag <tag>', 'tag of every document; may be repeated', collect)
    .option('--metadata <key=value>', 'metadata of every document; may be repeated', metadataOption)
    .option('--policy <label>', 'label a reader must hold; may be repeated', collect)
    .addOption(new Option('--redact <kind...>', 'personal data that is replaced by marks in these documents, besides what the tenant has replaced').choices(personalDataKinds))
    .addOption(new Option('--quarantine <risk>', 'passages of this risk and above are kept from search, besides what the tenant keeps back').choices(riskLevels));
}

const places = ['website', 'sitemap', 'feed', 'page', 'bucket'] as const;

/** Whether any option says where documents come from, or how they are looked for there. */
export function hasDefinition(options: DefinitionOptions): boolean {
  return [...places, ...Object.keys(belongsTo)].some((name) => options[name as keyof DefinitionOptions] !== undefined);
}

export function definitionOf(options: DefinitionOptions): DefinitionInput {
  const given = places.filter((name) => options[name] !== undefined);
  if (given.length !== 1) throw new UsageError('Give exactly one of --website, --sitemap, --feed, --page and --bucket.');
  refuseStrays(options, given[0] ?? 'website');
  const patterns = { include: options.include ?? [], exclude: options.exclude ?? [] };
  const limit = options.most === undefined ? {} : { maximumDocuments: options.most };
  if (options.website !== undefined) return { type: 'website', url: options.website, ...patterns, ...limit, ...crawlOf(options) };
  if (options.sitemap !== undefined) return { type: 'sitemap', url: options.sitemap, ...patterns, ...limit };
  if (options.feed !== undefined) return { type: 'feed', url: options.feed, ...limit };
  if (options.bucket !== undefined) return { type: 'bucket', bucket: options.bucket, prefix: options.prefix ?? '', ...patterns, ...limit };
  return { type: 'pages', urls: options.page ?? [] };
}

/** What an option belongs to; one that would be ignored was meant otherwise. */
const belongsTo = {
  depth: ['website'], sitemaps: ['website'], subdomains: ['website'], ignoreQuery: ['website'], prefix: ['bucket'],
  include: ['website', 'sitemap', 'bucket'], exclude: ['website', 'sitemap', 'bucket'], most: ['website', 'sitemap', 'feed', 'bucket'],
} as const satisfies Partial<Record<keyof DefinitionOptions, readonly string[]>>;

function refuseStrays(options: DefinitionOptions, kind: string): void {
  for (const [name, kinds] of Object.entries(belongsTo) as [keyof typeof belongsTo, readonly string[]][]) {
    if (options[name] === undefined || kinds.includes(kind)) continue;
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag} goes with ${kinds.map((other) => `--${other}`).join(', ')}, not with --${kind}.`);
  }
}

function crawlOf({ depth, sitemaps, subdomains, ignoreQuery }: DefinitionOptions) {
  return {
    ...(depth === undefined ? {} : { maximumDepth: depth }),
    ...(sitemaps === undefined ? {} : { sitemap: sitemaps }),
    ...(subdomains === undefined ? {} : { subdomains }),
    ...(ignoreQuery === undefined ? {} : { ignoreQuery }),
  };
}

export function attributesOf({ tag, metadata, policy, redact, quarantine }: DefinitionOptions): NonNullable<SourceInput['attributes']> {
  return { tags: tag ?? [], metadata: metadata ?? {}, policies: policy ?? [], ...(redact === undefined ? {} : { redact }), ...(quarantine === undefined ? {} : { quarantine }) };
}
