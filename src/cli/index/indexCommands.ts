import type { Command } from 'commander';
import { z } from 'zod';
import { reindexRequestSchema, smokeQuerySchema } from '../../contracts/generations.ts';
import type { Generation, IndexChangeKind, IndexDecision, IndexOverview, ReindexRequest } from '../../contracts/generations.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { pollUntil } from '../../sdk/pollUntil.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { readJsonFile } from '../readJsonFile.ts';
import { count, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { part, positiveNumber, wholeNumber } from '../optionValues.ts';
import type { RunCommand } from '../runCommand.ts';

interface ChangeOptions {
  readonly giveUp?: boolean;
  readonly maximumTokens?: number;
  readonly force?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly tenant?: string;
  readonly takeBack?: readonly string[];
}

export function addIndexCommands(program: Command, run: RunCommand): void {
  const index = program.command('index').description('The index as a whole: its generations, and changes of it.');
  index
    .command('show')
    .description('Generations, how much is dead weight, and what was decided.')
    .option('--json', 'print it as JSON')
    .action((options: ChangeOptions) => run(async (client, context) => show(context, await client.index.get(context), options)));
  index
    .command('compact')
    .description('Look whether the index is to be made anew, and do so, while searches and writes go on.')
    .option('--force', 'although nothing calls for it')
    .option('--tenant <name>', 'only the collection of this tenant, which the configuration gives one of its own')
    .option('--take-back <name...>', 'have the shared collection hold these tenants again')
    .option('--wait', 'until it has ended')
    .option('--json', 'print what came of it as JSON')
    .action((options: ChangeOptions) => run((client, context) => change(client, context, options, 'compaction', () => client.index.compact({ force: options.force === true, ...(options.tenant === undefined ? {} : { tenant: options.tenant }), ...(options.takeBack === undefined ? {} : { takeBack: [...options.takeBack] }) }, context))));
  index
    .command('reindex')
    .description('Change the index to the other embedding model (CATALYST_NEXT_EMBEDDING_*) or, with --recut, to the other way of cutting documents (CATALYST_NEXT_CHUNK_*), while searches and writes go on; without --maximum-tokens, tell what it would take.')
    .option('--tenant <name>', 'only the collection of this tenant, which has one of its own')
    .option('--maximum-tokens <count>', 'most tokens that the model may be asked for', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--recut', 'cut every document anew, and keep the model')
    .option('--give-up', 'drop what was made for a change that was stopped')
    .option('--smoke <file>', 'queries whose answers are known (JSON: [{"tenant", "query", "relevant": [document ids]}])')
    .option('--quality-loss <part>', 'how much worse it may be at finding what is known to be there', part)
    .option('--overlap <part>', 'of the ten first documents that both must have in common', part)
    .option('--latency-factor <factor>', 'how many times as long the slowest searches may take', positiveNumber)
    .option('--wait', 'until it has ended')
    .option('--json', 'print what came of it as JSON')
    .action((options: ReindexOptions) => run(async (client, context) => {
      const request = await toReindexRequest(context, options);
      return change(client, context, options, 'reindex', () => client.index.reindex(request, context));
    }));
  index
    .command('rollback')
    .description('Have the generation that served before serve again.')
    .option('--tenant <name>', 'only that of this tenant, which has a collection of its own')
    .option('--wait', 'until it has ended')
    .option('--json', 'print what came of it as JSON')
    .action((options: ChangeOptions) => run((client, context) => change(client, context, options, 'rollback', () => client.index.rollBack(options.tenant === undefined ? {} : { tenant: options.tenant }, context))));
}

interface ReindexOptions extends ChangeOptions {
  readonly recut?: boolean;
  readonly smoke?: string;
  readonly qualityLoss?: number;
  readonly overlap?: number;
  readonly latencyFactor?: number;
}

async function toReindexRequest(context: CliContext, { tenant, maximumTokens, recut = false, giveUp = false, smoke, qualityLoss, overlap, latencyFactor }: ReindexOptions): Promise<ReindexRequest> {
  return reindexRequestSchema.parse({
    ...(tenant === undefined ? {} : { tenant }),
    ...(maximumTokens === undefined ? {} : { maximumTokens }),
    recut,
    giveUp,
    gates: Object.fromEntries(Object.entries({ qualityLoss, overlap, latencyFactor }).filter(([, value]) => value !== undefined)),
    ...(smoke === undefined ? {} : { smoke: await readJsonFile(context, smoke, z.array(smokeQuerySchema), 'a list of smoke queries') }),
  });
}

async function change(client: CatalystClient, context: CliContext, options: ChangeOptions, kind: IndexChangeKind, start: () => Promise<{ readonly workflowId: string }>): Promise<ExitCode> {
  const outcomeIn = ({ decisions }: Pick<IndexOverview, 'decisions'>): IndexDecision | undefined => decisions.find((decision) => decision.kind === kind && decision.decision !== 'begun' && decision.decision !== 'judged');
  const { decisions: earlier } = await client.index.get(context);
  const last = outcomeIn({ decisions: earlier })?.at;
  const started = await start();
  if (options.wait !== true) {
    if (options.json === true) writeJson(context, started);
    else context.stdout.write(`It goes on as the workflow ${started.workflowId}; see catalyst index show.\n`);
    return exitCodes.success;
  }
  const overview = await pollUntil(() => client.index.get(context), (seen) => outcomeIn(seen) !== undefined && outcomeIn(seen)?.at !== last, context);
  const before = new Set(earlier.map(({ at }) => at));
  show(context, options.json === true ? overview : { ...overview, decisions: overview.decisions.filter(({ at }) => !before.has(at)) }, options);
  return cameToNothing(outcomeIn(overview), options) ? exitCodes.failure : exitCodes.success;
}

/** An estimate is what was asked for, unless tokens were approved: then they were too few. */
function cameToNothing(outcome: IndexDecision | undefined, { maximumTokens, giveUp }: ChangeOptions): boolean {
  return (outcome?.decision === 'abandoned' && giveUp !== true) || outcome?.decision === 'stopped' || (outcome?.decision === 'estimated' && maximumTokens !== undefined);
}

function show(context: CliContext, overview: IndexOverview, { json }: ChangeOptions): ExitCode {
  if (json === true) writeJson(context, overview);
  else context.stdout.write(overviewText(overview));
  return exitCodes.success;
}

function overviewText({ alias, serving, statistics, placements, generations, decisions }: IndexOverview): string {
  const heads = [headText(alias, serving, statistics), ...placements.map((placement) => (placement.own ? headText(placement.alias, placement.serving, placement.statistics) : `${placement.alias} → ${placement.serving ?? 'nothing'}, shared until ${placement.tenant} has moved\n`))];
  const rows = generations.map((generation) => [generation.id, generation.tenant ?? 'shared', generation.state, generation.points === null ? '' : whole(generation.points), whole(generation.pendingChanges), generation.createdAt, noteOf(generation)]);
  const decided = decisions.map(({ at, kind, tenant, decision, because, stillMs }) => `  ${at}  ${kind}${tenant === null ? '' : ` of ${tenant}`}: ${decision}. ${because.join(' ')}${stillMs === null ? '' : ` Writers waited ${Math.round(stillMs)} ms.`}\n`).join('');
  return `${heads.join('')}${table([['generation', 'of', 'state', 'points', 'to follow', 'made', ''], ...rows], [3, 4])}${decided === '' ? '' : `decided:\n${decided}`}`;
}

function headText(alias: string, serving: string | null, statistics: IndexOverview['statistics']): string {
  const figures = statistics === null ? '' : `${count(statistics.points, 'point')}, ${whole(statistics.removedPoints)} deleted or replaced since it was made (${(statistics.removedRatio * 100).toFixed(1)} %), ${count(statistics.segments, 'segment')}\n`;
  return `${alias} → ${serving ?? 'nothing'}\n${figures}`;
}

function noteOf({ state, dropAfter, departures, failure, recall, filledDocuments, expectedDocuments, doneBy, tokens }: Generation): string {
  if (state === 'building') return `${whole(filledDocuments)}${expectedDocuments === null ? '' : ` of ${whole(expectedDocuments)}`} documents are in it${tokens === 0 ? '' : `, for ${whole(tokens)} tokens`}${doneBy === null ? '' : `; all by ${doneBy}`}`;
  if (state === 'retired') return `is dropped after ${dropAfter}`;
  if (failure !== null) return failure.message;
  const measured = recall === null ? [] : [`finds ${(recall.recall * 100).toFixed(1)} % of what exact search does${recall.low ? ', which is too little' : ''}`];
  return [...measured, ...Object.entries(departures).map(([tenant, until]) => `holds ${tenant} until ${until}`)].join('; ');
}
