import { existsSync } from 'node:fs';
import { chown, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../install/runCommand.ts';
import { writePrivateFile } from '../privateFile.ts';
import { asAccount, type PostgresAccount } from './postgresAccount.ts';
import type { StackContext } from './dependency.ts';

export const superuser = 'postgres';

/** Makes the data folder on the first start: beside its place and then renamed, so that it is there whole or not at all. */
export async function ensureCluster(context: StackContext, initdb: string, account: PostgresAccount, folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const passwordFile = join(context.settings.stateDirectory, 'postgres.password');
  await writePrivateFile(passwordFile, context.secrets.postgresSuperuserPassword);
  try {
    if (account.runAs !== undefined) {
      await Promise.all([partial, passwordFile].map((path) => chown(path, account.runAs?.userId ?? 0, account.runAs?.groupId ?? 0)));
    }
    const run = asAccount(account, initdb, [
      `--pgdata=${partial}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorts and compares alike on every machine, whatever locales it has.
      '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    ]);
    await runCommand(run.command, run.arguments, {
      environment: { ...context.settings.environment, LC_ALL: 'C' },
      ...(run.runAs === undefined ? {} : { runAs: run.runAs }),
      remedy: 'read its message above (disk space, rights of the state folder), or set DATABASE_URL to a running PostgreSQL.',
      timeoutMilliseconds: 5 * 60_000,
    });
    await rename(partial, folder);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
}
