import { taskQueues } from '../../src/workflows/names.ts';
import { readActivityGroups } from './activityOptions.ts';
import type { ActivityGroup } from './activityOptions.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';

const proxies = new URL('../../src/workflows/activityProxies.ts', import.meta.url);

const introduction = `Every step of ingestion is a Temporal activity. It is tried again by itself when its failure has a class that a try can mend ([errors](errors.md) says which, and how often at the most); a server's Retry-After sets the time of the next try.

*One try* is the time after which a single try is given up and made again. *Silence* is the time without a heartbeat after which a worker counts as lost and another one takes the activity over; activities beat every 5 s while their process lives.`;

const ending = `What an activity has finished is not done again by a later try: parse, chunk and embed find their outputs by the digest of their inputs, embedding keeps every finished part of 128 texts until the whole is stored, and writing the same points again replaces them by themselves.`;

/** `docs/reference/retries.md`. */
export function retriesPage(): string {
  const rows = readActivityGroups(proxies).map((group) => [
    group.activities.map(codeText).join(', '),
    codeText(queueOf(group)),
    optionOf(group, 'startToCloseTimeout'),
    optionOf(group, 'heartbeatTimeout'),
    `${optionOf(group, 'retry.initialInterval')}, × ${optionOf(group, 'retry.backoffCoefficient')}, at most ${optionOf(group, 'retry.maximumInterval')}`,
    optionOf(group, 'scheduleToCloseTimeout'),
  ]);
  const heading = ['Activities', 'Task queue', 'One try', 'Silence', 'Pause between tries', 'All tries'];
  return madePage('Retries and time limits of activities', 'src/workflows/activityProxies.ts', introduction, markdownTable(heading, rows), ending);
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
