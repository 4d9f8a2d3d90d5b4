import type { Database } from '../../src/adapters/postgres/database.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { startTestStack } from '../../infra/local/testStack.ts';

/** A Postgres of the test's own, with the schema; `close` ends and removes it. */
export async function startTestDatabase(): Promise<{ readonly database: Database; close(): Promise<void> }> {
  const stack = await startTestStack({ services: ['postgres'] });
  const url = stack.environment['DATABASE_URL'];
  if (url === undefined) throw new Error('The stack gave no DATABASE_URL.');
  const database = openDatabase({ url, poolSize: 8 });
  await database.migrate();
  return {
    database,
    async close() {
      await database.close();
      await stack.stop();
    },
  };
}
