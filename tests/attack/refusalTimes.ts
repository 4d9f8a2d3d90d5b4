/**
 * `node tests/attack/refusalTimes.ts --pairs 2000 --json FILE`: whether the time of a refusal tells the id of another tenant from one that never
 * was, on a stack of its own. It measures and says so; it is no test, since a busy machine would decide it.
 */
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { newIdentifier } from '../../src/contracts/identifiers.ts';
import { startFullStack } from '../support/fullStack.ts';
import { attackEnvironment, attackerTenant, victimTenant } from './attackSuite.ts';
import { createCaller } from './caller.ts';
import { furnish, label } from './holdings.ts';
import type { Holdings } from './holdings.ts';
import { compareTimes } from './times/compareTimes.ts';

interface Attempt {
  readonly method: 'GET' | 'POST';
  readonly path: (id: string) => string;
  readonly id: (holdings: Holdings['identifiers']) => string;
  readonly body?: (id: string) => unknown;
}

const reading = (path: (id: string) => string, id: Attempt['id']): Attempt => ({ method: 'GET', path, id });
const attempts: Readonly<Record<string, Attempt>> = {
  document: reading((id) => `/v1/documents/${id}`, ({ document }) => document),
  'document under a label': reading((id) => `/v1/documents/${id}`, ({ labelledDocument }) => labelledDocument),
  history: reading((id) => `/v1/documents/${id}/history`, ({ document }) => document),
  artifact: reading((id) => `/v1/documents/${id}/artifacts/text`, ({ document }) => document),
  link: { method: 'POST', path: (id) => `/v1/documents/${id}/artifacts/text/links`, id: ({ document }) => document, body: () => ({}) },
  job: reading((id) => `/v1/jobs/${id}`, ({ job }) => job),
  'documents of a job': reading((id) => `/v1/jobs/${id}/documents`, ({ job }) => job),
  source: reading((id) => `/v1/sources/${id}`, ({ source }) => source),
  deletion: reading((id) => `/v1/deletions/${id}`, ({ deletion }) => deletion),
  sweep: reading((id) => `/v1/sweeps/${id}`, ({ sweep }) => sweep),
  key: reading((id) => `/v1/keys/${id}`, ({ key }) => key),
  similar: { method: 'POST', path: () => '/v1/search/similar', id: ({ document }) => document, body: (id) => ({ documentId: id }) },
  'filter of a search': { method: 'POST', path: () => '/v1/search', id: ({ document }) => document, body: (id) => ({ query: `lantern ${Math.random()}`, mode: 'sparse', filters: { documents: [id] } }) },
};

const { values } = parseArgs({ options: { json: { type: 'string' }, pairs: { type: 'string', default: '2000' } } });
const pairs = Number(values.pairs);
const warmUp = 100;

const stack = await startFullStack(attackEnvironment, { log: (line) => console.log(line) });
// One connection: what a request waits for is then nothing of ours.
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
try {
  const policies = [label];
  const victim = await furnish(createCaller(stack.apiUrl, await stack.tokenFor(victimTenant, { policies })), victimTenant, (place) => `theirs${place}`);
  // The attacker holds as much, so that tables and index are not empty for it.
  const token = await stack.tokenFor(attackerTenant, { policies });
  await furnish(createCaller(stack.apiUrl, token), attackerTenant, (place) => `mine${place}`);
  const report: Record<string, ReturnType<typeof compareTimes>> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    const foreign: number[] = [];
    const missing: number[] = [];
    for (let round = 0; round < pairs + warmUp; round += 1) {
      const kinds = Math.random() < 0.5 ? (['foreign', 'missing'] as const) : (['missing', 'foreign'] as const);
      for (const kind of kinds) {
        const id = kind === 'foreign' ? attempt.id(victim.identifiers) : newIdentifier();
        const milliseconds = await timeOf(attempt, id, token);
        if (round >= warmUp) (kind === 'foreign' ? foreign : missing).push(milliseconds);
      }
    }
    report[name] = compareTimes(foreign, missing);
    const { foreignMedian, missingMedian, differenceMicroseconds, t } = report[name];
    console.log(`${name.padEnd(24)} foreign ${foreignMedian} ms, missing ${missingMedian} ms: ${differenceMicroseconds} µs, t ${t}`);
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
} finally {
  agent.destroy();
  await stack.stop();
}

/** From sending to the last byte of the answer. */
function timeOf(attempt: Attempt, id: string, token: string): Promise<number> {
  const body = attempt.body === undefined ? undefined : JSON.stringify(attempt.body(id));
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const sent = request(`${stack.apiUrl}${attempt.path(id)}`, { method: attempt.method, agent, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode !== 404 && answer.statusCode !== 200) reject(new Error(`${attempt.path(id)} answered ${answer.statusCode}`));
        else resolve(performance.now() - startedAt);
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
