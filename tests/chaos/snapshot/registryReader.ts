import pg from 'pg';

/** Reads the registry past the product and past the proxies, as the tenant. */
export interface RegistryReader {
  /** @throws what the driver throws; the next call connects anew. */
  read<Row>(statement: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export function createRegistryReader(url: string, tenant: string): RegistryReader {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 2_000, query_timeout: 60_000 });
  // Postgres is killed under it.
  pool.on('error', () => undefined);
  return {
    async read<Row>(statement: string, values: readonly unknown[] = []) {
      const client = await pool.connect();
      client.on('error', ignore);
      try {
        await client.query(`select set_config('catalyst.tenant', $1, false)`, [tenant]);
        const { rows } = await client.query(statement, [...values]);
        client.release();
        return rows as Row[];
      } catch (error) {
        client.release(true);
        throw error;
      } finally {
        client.off('error', ignore);
      }
    },
    close: () => pool.end(),
  };
}

const ignore = (): undefined => undefined;
