/**
 * `npm run chaos`: ingests documents twice, undisturbed and under kills and failing connections, and compares what is there.
 * Options: --kills N, --faults N (half the kills), --seed N, --corpus FOLDER (any number of times; BEIR folders too),
 * --documents N (invented notes beside them; 150 a kill), --kinds KIND,… (of faults), --json FILE, --markdown FILE, --limit MINUTES.
 * Ends with 1 if anything differs, the work does not end, or fewer kills hit than asked.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { certify } from './certificate/certificate.ts';
import { renderCertificate } from './certificate/render.ts';
import { readCorpus } from './run/corpus.ts';
import { runIngestion } from './run/ingestionRun.ts';
import { faultKinds, makeSchedule } from './schedule/schedule.ts';

/** A kill costs what is in calls at its moment, however much there is: with little to ingest for each it would be a large share. */
const notesPerKill = 150;
const leastNotes = 4_000;

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      faults: { type: 'string' },
      seed: { type: 'string', default: '7' },
      corpus: { type: 'string', multiple: true, default: ['../shared/documents'] },
      documents: { type: 'string' },
      kinds: { type: 'string', default: faultKinds.join(',') },
      json: { type: 'string' },
      markdown: { type: 'string' },
      limit: { type: 'string', default: '180' },
    },
  });
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  const faults = values.faults === undefined ? Math.round(kills / 2) : Number(values.faults);
  const wanted = new Set(values.kinds.split(','));
  const kinds = faultKinds.filter((kind) => wanted.has(kind));
  const corpus = await readCorpus(values.corpus, values.documents === undefined ? Math.max(leastNotes, notesPerKill * kills) : Number(values.documents));
  const documentsPerJob = Math.max(50, Math.min(500, Math.round(corpus.length / Math.max(4, kills / 3))));
  const options = { corpus, documentsPerJob, millisecondsPerText: 10, environment: {}, limitMinutes: Number(values.limit), log };
  log(`${corpus.length} documents in jobs of ${documentsPerJob}: undisturbed …`);
  const undisturbed = await runIngestion(options, []);
  log(`${undisturbed.seconds} s, ${undisturbed.snapshot.chunks} chunks. Disturbed by ${kills} kills and ${faults} faults …`);
  const disturbed = await runIngestion({ ...options, usual: undisturbed.embedded }, makeSchedule({ seed, kills, faults, documents: corpus.length, kinds }));
  const certificate = certify(seed, undisturbed, disturbed);
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    command: ['npm run chaos --', ...process.argv.slice(2)].join(' '),
  };
  const markdown = renderCertificate(certificate, circumstances);
  console.log(markdown);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...certificate, ...circumstances }, undefined, 2)}\n`);
  if (values.markdown !== undefined) await writeFile(values.markdown, markdown);
  return certificate.differences === 0 && certificate.kills >= kills ? 0 : 1;
}

process.exit(await main());
