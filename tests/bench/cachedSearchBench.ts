import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { startFullStack } from '../support/fullStack.ts';
import { quantile, round } from './statistics.ts';

/** Remembered searches a second through the API: `node tests/bench/cachedSearchBench.ts [SECONDS] [CALLERS]`. */
const [seconds = 10, callers = 32] = process.argv.slice(2).map(Number);
const documents = 60;
const queries = Array.from({ length: 20 }, (_unused, index) => `what does note ${index} say about the harbour`);

const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub' });
try {
  await fill();
  const pool = new Pool(stack.apiUrl, { connections: callers });
  const token = await stack.tokenFor('bench');
  const times: number[] = [];
  let bytes = 0;
  let cached = 0;
  const ask = async (query: string): Promise<void> => {
    const started = performance.now();
    const { statusCode, body } = await pool.request({ path: '/v1/search', method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query }) });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`The API answered ${statusCode}: ${text}`);
    times.push(performance.now() - started);
    bytes += text.length;
    if (text.endsWith('"cached":true}')) cached += 1;
  };
  const load = async (milliseconds: number): Promise<number> => {
    times.length = 0;
    cached = bytes = 0;
    const started = performance.now();
    await Promise.all(Array.from({ length: callers }, async (_unused, caller) => {
      for (let number = caller; performance.now() - started < milliseconds; number += 1) await ask(queries[number % queries.length]!);
    }));
    return (times.length / (performance.now() - started)) * 1000;
  };
  await load(3_000);
  const rate = await load(seconds * 1000);
  console.info(JSON.stringify({ callers, seconds, searchesPerSecond: Math.round(rate), cached: round(cached / times.length, 4), bytesEach: Math.round(bytes / times.length), p50Ms: round(quantile(times, 0.5)), p99Ms: round(quantile(times, 0.99)) }));
  await pool.close();
} finally {
  await stack.stop();
}

async function fill(): Promise<void> {
  const client = await stack.clientFor('bench');
  const text = (number: number): string => Array.from({ length: 24 }, (_unused, sentence) => `Note ${number} says in sentence ${sentence} that the harbour keeps its lights on.`).join(' ');
  const { jobId } = await client.ingest({ documents: Array.from({ length: documents }, (_unused, number) => ({ id: `note-${number}`, text: text(number) })) });
  const { state } = await client.waitForJob(jobId);
  if (state !== 'succeeded') throw new Error(`The job ended ${state}.`);
  await sleep(1_000);
}
