import type { Command } from 'commander';
import { Option } from 'commander';
import { overlapPolicies } from '../../contracts/sources.ts';
import type { SourceInput } from '../../sdk/resources/sources.ts';
import { collectAs, cronLine } from '../checkedValues.ts';
import { seconds } from '../optionValues.ts';
import { UsageError } from '../usageError.ts';

export interface ScheduleOptions {
  readonly cron?: string[];
  readonly every?: number;
  readonly timezone?: string;
  readonly jitter?: number;
  readonly overlap?: (typeof overlapPolicies)[number];
}

/** Options that say when a source is read by itself. */
export function addScheduleOptions(command: Command): Command {
  return command
    .option('--cron <line>', 'when it is read, as five fields such as "0 3 * * *", or @daily and the like; may be repeated', collectAs(cronLine))
    .option('--every <time>', 'how often it is read, such as 15m, 6h or 1d', seconds(10, 366 * 86_400))
    .option('--timezone <zone>', 'of --cron; UTC without it')
    .option('--jitter <time>', 'each run begins up to so much later, such as 10m', seconds(0, 86_400))
    .addOption(new Option('--overlap <policy>', 'when the run before is still going').choices(overlapPolicies));
}

/** The schedule that is asked for; undefined where none of these options is given. */
export function scheduleOf({ cron, every, timezone, jitter, overlap }: ScheduleOptions): NonNullable<SourceInput['schedule']> | undefined {
  if (cron === undefined && every === undefined) {
    if (timezone !== undefined || jitter !== undefined || overlap !== undefined) throw new UsageError('--timezone, --jitter and --overlap go with --cron or --every.');
    return undefined;
  }
  return {
    ...(cron === undefined ? {} : { cron }),
    ...(every === undefined ? {} : { everySeconds: every }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(jitter === undefined ? {} : { jitterSeconds: jitter }),
    ...(overlap === undefined ? {} : { overlap }),
  };
}
