import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { certify } from './certificate/certificate.ts';
import type { Certificate } from './certificate/certificate.ts';
import { differencesBetween } from './certificate/compare.ts';
import type { ChaosStack } from './run/chaosStack.ts';
import { readCorpus } from './run/corpus.ts';
import { runIngestion } from './run/ingestionRun.ts';
import type { IngestionRun } from './run/ingestionRun.ts';
import { makeSchedule } from './schedule/schedule.ts';
import { takeSnapshot } from './snapshot/snapshot.ts';
import type { Snapshot } from './snapshot/snapshot.ts';

const seed = 4;
const kills = 12;
const faults = 6;
const fixtures = new URL('../fixtures', import.meta.url).pathname;

let undisturbed: IngestionRun;
let disturbed: IngestionRun;
let tampered: Snapshot;
let certificate: Certificate;

/** A short run; `npm run chaos` makes long ones. */
beforeAll(async () => {
  const corpus = await readCorpus([fixtures], 700);
  const options = {
    corpus,
    documentsPerJob: 100,
    millisecondsPerText: 12,
    // Small slices, so that each step hits other stages of several of them.
    environment: { CATALYST_SLICE_DOCUMENTS: '16' },
    limitMinutes: 8,
    log: () => undefined,
  };
  undisturbed = await runIngestion(options, []);
  const steps = makeSchedule({ seed, kills, faults, documents: corpus.length, kinds: ['cut', 'refuse', 'slow', 'stall'], patienceMs: 5_000 });
  disturbed = await runIngestion(options, steps, async (chaos) => {
    await tamper(chaos);
    tampered = await takeSnapshot(chaos);
  });
  certificate = certify(seed, undisturbed, disturbed);
  console.log(JSON.stringify(certificate, undefined, 1));
}, 900_000);

describe('ingestion under kills and failing connections', () => {
  it('is disturbed while it works: every server and process is killed, and connections fail', () => {
    expect(certificate.kills).toBe(kills);
    for (const count of Object.values(certificate.killsByTarget)) expect(count).toBe(2);
    expect(certificate.faults).toBeGreaterThanOrEqual(4);
  });

  it('ends by itself with exactly what an undisturbed run gives', () => {
    expect(certificate.examples).toEqual([]);
    expect(certificate.differences).toBe(0);
    expect(certificate.documents).toBe(undisturbed.snapshot.documents);
    expect(certificate.chunks).toBeGreaterThan(1_500);
  });

  it('embeds little again', () => {
    expect(certificate.reembeddedShare).toBeLessThan(0.06);
    expect(certificate.leftovers.keptParts).toBe(0);
  });

  it('searches right all the while, or says that something is away', () => {
    expect(certificate.searches.wrong).toBe(0);
    expect(certificate.searches.found).toBeGreaterThan(10);
  });
});

describe('the comparison', () => {
  it('has looked at all stores', () => {
    const kinds = new Set([...undisturbed.snapshot.facts.keys()].map((name) => name.split(' ')[0]));
    expect([...kinds].sort()).toEqual(['aliases', 'chunks', 'collections', 'document', 'job', 'outcome', 'output', 'point', 'raw', 'text', 'vectors']);
  });

  it('finds a lost point, a hidden one, a foreign one, a changed one, a lost object and a changed record', () => {
    const found = differencesBetween(undisturbed.snapshot, tampered).join('\n');
    for (const difference of [/^lost: point /m, /^point .* is hidden$/m, /^point .* is of tenant mallory$/m, /^changed: point .*attributes/m, /^\S+ .* is missing: s3:/m, /^changed: document .*Tampered/m, /^document .* has \d+ points, \d+ are registered$/m]) {
      expect(found).toMatch(difference);
    }
  });
});

/** What the comparison must see, done behind the product's back once the run is over. */
async function tamper({ direct, tenant }: ChaosStack): Promise<void> {
  const points = `${direct['QDRANT_URL']}/collections/catalyst/points`;
  const post = async (path: string, body: unknown): Promise<{ result: { points: { id: string }[] } }> => {
    const response = await fetch(`${points}${path}?wait=true`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as { result: { points: { id: string }[] } };
  };
  const [lost, hidden, foreign, changed] = (await post('/scroll', { limit: 4 })).result.points.map(({ id }) => id);
  await post('/delete', { points: [lost] });
  await post('/payload', { payload: { visible: false }, points: [hidden] });
  await post('/payload', { payload: { tenant: 'mallory' }, points: [foreign] });
  await post('/payload', { payload: { tags: ['tampered'] }, points: [changed] });

  const client = new pg.Client({ connectionString: direct['DATABASE_URL'] });
  await client.connect();
  await client.query(`select set_config('catalyst.tenant', $1, false)`, [tenant]);
  await client.query(`update documents set title = 'Tampered' where id = (select id from documents limit 1)`);
  const { rows } = await client.query<{ uri: string }>(`select reference->>'uri' as uri from stage_outputs limit 1`);
  await client.end();

  const { hostname, pathname } = new URL(rows[0]?.uri ?? '');
  const s3 = new S3Client({ endpoint: direct['S3_ENDPOINT'] ?? '', region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: direct['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: direct['S3_SECRET_ACCESS_KEY'] ?? '' } });
  await s3.send(new DeleteObjectCommand({ Bucket: hostname, Key: pathname.slice(1) }));
  s3.destroy();
}
