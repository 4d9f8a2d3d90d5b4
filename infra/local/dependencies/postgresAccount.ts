import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { programOnPath } from '../install/programOnPath.ts';
import { LocalStackError } from '../localStackError.ts';
import type { Environment } from '../processEnvironment.ts';

/** How PostgreSQL's programs are run: it refuses to run as root, so for root another account is taken. */
export interface PostgresAccount {
  readonly runAs?: { readonly userId: number; readonly groupId: number };
  /** Put before the program's own command line. */
  readonly prefix: readonly string[];
}

/**
 * The account for PostgreSQL, tried out on the folders it must reach: a checkout under a home folder that only
 * its owner may enter is closed to every other account, unless it may pass over file permissions (CAP_DAC_OVERRIDE).
 */
export function postgresAccount(environment: Environment, program: string, folder: string): PostgresAccount {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const runAs = accountOf('postgres') ?? accountOf('nobody');
  if (runAs === undefined) throw unreachable(folder, 'there is neither a user "postgres" nor "nobody"');
  if (spawnSync(process.execPath, canReach(program, folder), { uid: runAs.userId, gid: runAs.groupId }).status === 0) return { runAs, prefix: [] };
  const setpriv = programOnPath('setpriv', environment);
  if (setpriv === undefined) throw unreachable(folder, 'the program setpriv is not on PATH');
  const prefix = [
    setpriv,
    `--reuid=${runAs.userId}`, `--regid=${runAs.groupId}`, '--clear-groups',
    '--inh-caps=+dac_override', '--ambient-caps=+dac_override',
    // Else access(2), with which PostgreSQL looks for its own programs, would leave the capability out of account.
    '--securebits=+no_setuid_fixup',
  ];
  const [command = setpriv, ...parameters] = [...prefix, process.execPath, ...canReach(program, folder)];
  if (spawnSync(command, parameters).status !== 0) throw unreachable(folder, 'this system does not let setpriv pass over file permissions');
  return { runAs, prefix };
}

/** Arguments for Node that end it well where the program can be run and the folder entered, asking as PostgreSQL itself asks. */
function canReach(program: string, folder: string): string[] {
  const script = 'const [program, folder] = process.argv.slice(1); fs.accessSync(program, fs.constants.R_OK | fs.constants.X_OK); process.chdir(folder)';
  return ['-e', script, program, folder];
}

/** The arguments for a spawn: with a prefix, the prefix itself changes the account. */
export function asAccount(account: PostgresAccount, program: string, parameters: readonly string[]) {
  const [command = program, ...rest] = [...account.prefix, program, ...parameters];
  const direct = account.prefix.length === 0 && account.runAs !== undefined ? { runAs: account.runAs } : {};
  return { command, arguments: rest, ...direct };
}

function accountOf(user: string): { userId: number; groupId: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${user}:`));
  const [, , userId, groupId] = line?.split(':') ?? [];
  return userId === undefined || groupId === undefined ? undefined : { userId: Number(userId), groupId: Number(groupId) };
}

function unreachable(folder: string, reason: string): LocalStackError {
  return new LocalStackError(
    `PostgreSQL does not run as root, and no other account can be used for ${folder}: ${reason}.`,
    'run as an ordinary user, or keep the checkout and CATALYST_STATE_DIR where all users may enter, or set DATABASE_URL.',
  );
}
