import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { versionArtifactKinds } from '../../contracts/library.ts';
import type { StoredDocument, VersionArtifactKind } from '../../contracts/library.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { collectAs, identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import { collect, wholeNumber } from '../optionValues.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { historyText } from './historyText.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface ListOptions extends JsonOption {
  readonly source?: string;
  readonly deleted?: boolean;
  readonly limit: number;
}

/** `catalyst document …`: what is in the index, and how it came there. */
export function addDocumentCommands(program: Command, run: RunCommand): void {
  const document = program.command('document').description('What is in the index, and how it came there.');
  document
    .command('list', { isDefault: true })
    .description('Documents by id.')
    .option('--source <id>', 'only those of this registered source', identifier)
    .option('--deleted', 'those that were deleted instead')
    .option('--limit <n>', 'so many', wholeNumber(1, 1_000_000), 50)
    .option('--json', 'print them as JSON')
    .action((options: ListOptions) => run((client, context) => list(client, context, options)));
  document
    .command('history')
    .description('Every version, request and deletion of a document, with artifacts, actor, job and workflow run.')
    .argument('<id>', 'identifier of the document', identifier)
    .option('--json', 'print it as JSON')
    .action((id: string, options: JsonOption) =>
      run(async (client, context) => {
        const history = await client.documents.history(id, context);
        if (options.json === true) writeJson(context, history);
        else context.stdout.write(historyText(history));
        return exitCodes.success;
      }),
    );
  addLabelCommand(document, run);
  document
    .command('artifact')
    .description('The bytes of an artifact of a document, to standard output or a file.')
    .argument('<id>', 'identifier of the document', identifier)
    .addArgument(new Argument('<kind>', 'which one').choices(versionArtifactKinds))
    .option('--version-id <id>', 'of this version instead of the visible one', identifier)
    .option('--output <file>', 'write it there')
    .action((id: string, kind: VersionArtifactKind, options: { readonly versionId?: string; readonly output?: string }) => run((client, context) => download(client, context, id, kind, options)));
  addLinkCommand(document, run);
}

interface LinkOptions extends JsonOption {
  readonly versionId?: string;
  readonly expires?: number;
}

function addLinkCommand(document: Command, run: RunCommand): void {
  document
    .command('link')
    .description('A short-lived address of an artifact at the store, as a command that fetches it. Whoever has it has the bytes.')
    .argument('<id>', 'identifier of the document', identifier)
    .addArgument(new Argument('<kind>', 'which one').choices(versionArtifactKinds))
    .option('--version-id <id>', 'of this version instead of the visible one', identifier)
    .option('--expires <seconds>', 'how long it lives; as long as the operator allows without it', wholeNumber(1, 3_600))
    .option('--json', 'print it as JSON')
    .action((id: string, kind: VersionArtifactKind, { versionId, expires, json }: LinkOptions) =>
      run(async (client, context) => {
        const link = await client.documents.artifactLink(id, kind, { versionId, expiresInSeconds: expires, signal: context.signal });
        if (json === true) writeJson(context, link);
        else context.stdout.write(`curl${Object.entries(link.headers).map(([name, value]) => ` -H '${name}: ${value}'`).join('')} '${link.url}'   # until ${link.expiresAt}\n`);
        return exitCodes.success;
      }),
    );
}

interface LabelOptions extends JsonOption {
  readonly policy?: readonly string[];
  readonly open?: boolean;
  readonly asIngested?: boolean;
}

function addLabelCommand(document: Command, run: RunCommand): void {
  document
    .command('label')
    .description('Change who may see documents, at once and for later ingestions too.')
    .argument('<id...>', 'identifiers of documents', collectAs(identifier))
    .option('--policy <label>', 'a label that readers must hold; may be repeated, then all of them', collect)
    .option('--open', 'without labels: for everybody in the tenant')
    .option('--as-ingested', 'with the labels that the ingestion gives')
    .option('--json', 'print what was changed as JSON')
    .action((ids: readonly string[], options: LabelOptions) =>
      run(async (client, context) => {
        const change = await client.documents.setLabels(ids, labelsOf(options), context);
        if (options.json === true) writeJson(context, change);
        else context.stdout.write(`${whole(change.documents)} documents changed${change.inSearch ? '; searches heed it.' : '. The index does not answer: searches will heed it as soon as it does.'}\n`);
        return exitCodes.success;
      }),
    );
}

function labelsOf({ policy, open, asIngested }: LabelOptions): readonly string[] | null {
  if ([policy, open, asIngested].filter((given) => given !== undefined).length !== 1) throw new UsageError('Say which labels: --policy, --open or --as-ingested.');
  return asIngested === true ? null : (policy ?? []);
}

async function list(client: CatalystClient, context: CliContext, { source, deleted, limit, json }: ListOptions): Promise<ExitCode> {
  const documents = await take(client.documents.list({ sourceId: source, deleted, pageSize: Math.min(limit, 1000), signal: context.signal }), limit);
  if (json === true) writeJson(context, documents);
  else context.stdout.write(documents.length === 0 ? 'No documents.\n' : table([['document', 'title', 'from', 'chunks', 'updated'], ...documents.map(rowOf)], [3], ''));
  return exitCodes.success;
}

function rowOf({ id, title, source, chunks, updatedAt, deletedAt }: StoredDocument): string[] {
  return [id, oneLine(title ?? '').slice(0, 60), oneLine(source?.location ?? '').slice(0, 80), chunks === null ? '' : whole(chunks), deletedAt === null ? updatedAt : `deleted ${deletedAt}`];
}

async function download(client: CatalystClient, context: CliContext, id: string, kind: VersionArtifactKind, { versionId, output }: { readonly versionId?: string; readonly output?: string }): Promise<ExitCode> {
  if (output === undefined && context.stdout.isTTY === true && binaryKinds.has(kind)) throw new UsageError(`The artifact "${kind}" may not be text: name a file with --output, or pipe it on.`);
  const bytes = await client.documents.artifact(id, kind, { versionId, signal: context.signal });
  if (output !== undefined) await saveWhole(bytes, resolve(context.workingDirectory, output));
  else for await (const part of bytes as AsyncIterable<Buffer>) context.stdout.write(part);
  return exitCodes.success;
}

const binaryKinds = new Set<VersionArtifactKind>(['raw', 'vectors']);

/** The file is there once it is whole; one that was there before stays until then. */
async function saveWhole(bytes: Readable, path: string): Promise<void> {
  const partial = `${path}.part`;
  try {
    await pipeline(bytes, createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Error && 'syscall' in error) throw new UsageError(`${path} cannot be written: ${error.message}`);
    throw error;
  }
}
