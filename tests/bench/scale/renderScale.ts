import type { ScalePoint, ScaleReport } from './scaleBench.ts';

/** The report as Markdown. */
export function renderScale({ points, secondsRatio, cpuRatio }: ScaleReport): string {
  const heading = `| | ${points.map(({ documents }) => `${documents.toLocaleString('en')} documents`).join(' | ')} |`;
  const row = (name: string, cell: (point: ScalePoint) => string) => `| ${name} | ${points.map(cell).join(' | ')} |`;
  const services = Object.keys(points[0]?.cpuPerDocument ?? {}) as (keyof ScalePoint['cpuPerDocument'])[];
  return [
    heading,
    `|---|${points.map(() => '---|').join('')}`,
    row('documents/s', (point) => String(point.documentsPerSecond)),
    row('documents/s by tenths of the job', ({ pace }) => pace.map(Math.round).join(' ')),
    row('worker MB: start, peak, end, rested', ({ memory: { worker } }) => `${worker.start}, ${worker.peak}, ${worker.end}, ${worker.rested}`),
    row('API MB: start, peak, end, rested', ({ memory: { api } }) => `${api.start}, ${api.peak}, ${api.end}, ${api.rested}`),
    ...services.map((service) => row(`processor ms a document: ${service}`, ({ cpuPerDocument }) => String(cpuPerDocument[service]))),
    row('events of ingestBatch: most in a run, all', ({ histories: { ingestBatch } }) => `${ingestBatch?.mostEvents}, ${ingestBatch?.events} (${ingestBatch?.runs} runs)`),
    row('ingestSlice: workflows, most events', ({ histories: { ingestSlice } }) => `${ingestSlice?.runs}, ${ingestSlice?.mostEvents}`),
    row('Postgres, bytes a document', ({ documents, stores }) => String(Math.round(stores.postgres / documents))),
    row('Qdrant, bytes a document', ({ documents, stores }) => String(Math.round(stores.qdrant / documents))),
    row('Temporal, bytes a document', ({ documents, stores }) => String(Math.round(stores.temporal / documents))),
    row('S3, bytes a document (objects)', ({ documents, stores }) => `${Math.round(stores.s3 / documents)} (${stores.s3Objects})`),
    '',
    `Cost of a document at the largest size against the smallest: ${secondsRatio} in time, ${cpuRatio} in processor time (goal: at most 1.2).`,
    '',
    ...points.map(({ documents, stores }) => `Largest tables at ${documents}: ${Object.entries(stores.tables).map(([name, bytes]) => `${name} ${(bytes / 1024 ** 2).toFixed(1)} MB`).join(', ')}`),
  ].join('\n');
}
