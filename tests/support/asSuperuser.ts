import pg from 'pg';
import { superuser } from '../../infra/local/dependencies/postgresCluster.ts';
import { readSecrets } from '../../infra/local/secrets.ts';
import type { TestStack } from '../../infra/local/testStack.ts';

/** Runs statements as who may do everything, with triggers switched off: what somebody does who has got hold of the database. */
export async function asSuperuser(stack: TestStack, ...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const secrets = await readSecrets(stack.settings.stateDirectory);
  const url = new URL(stack.environment['DATABASE_URL'] ?? '');
  const client = new pg.Client({ host: url.hostname, port: Number(url.port), database: url.pathname.slice(1), user: superuser, password: secrets?.postgresSuperuserPassword });
  await client.connect();
  try {
    await client.query(`set session_replication_role = replica`);
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}
