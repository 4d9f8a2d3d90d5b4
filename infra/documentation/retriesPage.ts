import { retryTable } from '../../src/activities/retries/retryTable.ts';
import type { RetryRule } from '../../src/activities/retries/retryTable.ts';
import { taskQueues } from '../../src/workflows/names.ts';
import { readActivityGroups } from './activityOptions.ts';
import type { ActivityGroup } from './activityOptions.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';

const proxies = new URL('../../src/workflows/activityProxies.ts', import.meta.url);

const introduction = `Every step is a Temporal activity. It is tried again by itself when its failure has a class that a try can mend.`;

const classes = `## Classes of failures

*Tries* are counted by class, the first included: waiting for a free slot uses up none of those that a failing site has. The pause before the next try grows by the factor up to the longest; what the other side asks for (Retry-After) goes before. *In all* is the time from the first failure of the class, after which the failure stands. Codes that stand in no class cannot be mended by a try. A failure that is kept says how often its step was tried (\`attempts\`). The metrics \`catalyst_activity_retries_total\` and \`catalyst_activity_retry_wait_seconds_total\` count tries and pauses.`;

const limits = `## Time limits

*One try* is the time after which a single try is given up and made again, if the worker did not say why it failed after the pause named here. *Silence* is the time without a heartbeat after which a worker counts as lost and another one takes the activity over; activities beat every 5 s while their process lives.`;

const ending = `What an activity has finished is not done again by a later try: parse, chunk and embed find their outputs by the digest of their inputs, embedding keeps what it finished until the whole is stored, and writing the same points again replaces them by themselves.`;

/** `docs/reference/retries.md`. */
export function retriesPage(): string {
  return madePage('Retries and time limits of activities', 'src/activities/retries/retryTable.ts and src/workflows/activityProxies.ts', introduction, classes, classTable(), limits, limitTable(), ending);
}

function classTable(): string {
  const rules: readonly RetryRule[] = Object.values(retryTable);
  const rows = rules.map(({ title, codes, attempts, firstMs, factor, longestMs, totalMs }) => [
    title,
    codes.map(codeText).join(', '),
    attempts === null ? 'any' : String(attempts),
    duration(firstMs),
    `× ${factor}`,
    duration(longestMs),
    duration(totalMs),
  ]);
  return markdownTable(['Class', 'Codes', 'Tries', 'First pause', 'Factor', 'Longest pause', 'In all'], rows);
}

function limitTable(): string {
  const rows = readActivityGroups(proxies).map((group) => [
    group.activities.map(codeText).join(', '),
    codeText(queueOf(group)),
    optionOf(group, 'startToCloseTimeout'),
    optionOf(group, 'heartbeatTimeout'),
    `${optionOf(group, 'retry.initialInterval')}, × ${optionOf(group, 'retry.backoffCoefficient')}, at most ${optionOf(group, 'retry.maximumInterval')}`,
    optionOf(group, 'scheduleToCloseTimeout'),
  ]);
  return markdownTable(['Activities', 'Task queue', 'One try', 'Silence', 'Pause after a lost try', 'All tries'], rows);
}

function duration(milliseconds: number): string {
  const units = [['h', 3_600_000], ['min', 60_000], ['s', 1_000]] as const;
  const [name, length] = units.find(([, size]) => milliseconds >= size && milliseconds % size === 0) ?? ['ms', 1];
  return `${milliseconds / length} ${name}`;
}

function queueOf({ options }: ActivityGroup): string {
  const name = /^taskQueues\.(\w+)$/.exec(options.get('taskQueue') ?? 'taskQueues.ingest')?.[1];
  const queue = Object.entries(taskQueues).find(([key]) => key === name)?.[1];
  if (queue === undefined) throw new Error(`There is no task queue ${options.get('taskQueue') ?? ''}.`);
  return queue;
}

function optionOf({ activities, options }: ActivityGroup, name: string): string {
  const value = options.get(name);
  if (value === undefined) throw new Error(`The activities ${activities.join(', ')} have no ${name}.`);
  return value;
}
