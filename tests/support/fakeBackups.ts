import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/createActivities.ts';

type BackupActivities = Pick<Activities, 'beginBackup' | 'dumpRegistry' | 'copyObjects' | 'describeIndex' | 'finishBackup' | 'chooseVerification' | 'verifyBackup' | 'failVerification' | 'removeOldBackups' | 'failBackup'>;
type RestoreActivities = Pick<Activities, 'beginRestore' | 'restoreRegistry' | 'restoreObjects' | 'openServing' | 'rebuildIndex' | 'finishRestore' | 'failRestore'>;

const verification = { at: '2026-01-01T00:00:00.000Z', deep: false, files: 0, objects: 0, bytes: 0, problems: 0, examples: [] };

/** Backups and restores without servers: they tell in which order their steps were asked for. */
export class FakeBackups {
  readonly steps: string[] = [];
  configured = true;
  /** What the schedule is to read through. */
  due: string | null = null;
  /** Calls until all is copied, or brought back. */
  pages = 1;
  /** The step that fails for good. */
  failing: string | undefined;
  /** The step whose tries fail, and are made again. */
  away: string | undefined;

  create(): BackupActivities & RestoreActivities {
    const step = <Answer>(name: string, answer: Answer): Promise<Answer> => {
      this.steps.push(name);
      if (name === this.away) return Promise.reject(ApplicationFailure.create({ type: 'REGISTRY_UNAVAILABLE', message: 'Postgres is away.', nextRetryDelay: '1m' }));
      return name === this.failing ? Promise.reject(failure()) : Promise.resolve(answer);
    };
    const finished = (): boolean => {
      this.pages -= 1;
      return this.pages <= 0;
    };
    return {
      beginBackup: () => step('begin', { configured: this.configured }),
      dumpRegistry: () => step('dump', { rows: 1 }),
      copyObjects: () => step('copy', { finished: finished(), objects: 1 }),
      describeIndex: () => step('describe', undefined),
      finishBackup: () => step('finish', undefined),
      chooseVerification: () => step('choose', { id: this.due }),
      verifyBackup: (_id, deep) => step(deep ? 'verify deeply' : 'verify', { ...verification, deep }),
      failVerification: (_id, { code }) => step(`fail verification ${code}`, undefined),
      removeOldBackups: () => step('remove old', { sets: 0, copies: 0 }),
      failBackup: (_id, { code }) => step(`fail ${code}`, undefined),
      beginRestore: () => step('begin restore', undefined),
      restoreRegistry: () => step('rows', undefined),
      restoreObjects: (_scope, from) => step('objects', { finished: finished(), place: { pages: (from?.pages ?? 0) + 1, objects: 0, copied: 0, copiedBytes: 0 } }),
      openServing: () => step('open', undefined),
      rebuildIndex: () => step('index', { filled: true }),
      finishRestore: () => step('finish restore', undefined),
      failRestore: (_scope, { code }) => step(`fail restore ${code}`, undefined),
    };
  }
}

function failure(): ApplicationFailure {
  const told = { code: 'RESTORE_REFUSED', message: 'It is not empty.', remedy: '' };
  return ApplicationFailure.create({ type: told.code, message: told.message, nonRetryable: true, details: [told] });
}
