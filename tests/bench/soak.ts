/**
 * `npm run soak`: searches of all kinds with ingestion and deletions now and then, for as long as is told, and a verdict: errors, memory,
 * the event loop, times. Ends with 1 where something is wrong.
 * Options: --minutes 10, --rate 20 (searches a second), --documents 1000 (invented, ingested before), --embedder onnx|stub, --json FILE
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startFullStack } from '../support/fullStack.ts';
import { inventPassages, inventQueries } from './load/inventedPassages.ts';
import { fillTarget } from './load/target.ts';
import { describeMachine } from './machine/describeMachine.ts';
import { renderSoak } from './soak/renderSoak.ts';
import { soak } from './soak/soakRun.ts';
import { judge } from './soak/verdict.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '20' },
      documents: { type: 'string', default: '1000' },
      embedder: { type: 'string', default: 'onnx' },
      json: { type: 'string' },
    },
  });
  const [minutes, perSecond, documents] = [values.minutes, values.rate, values.documents].map(Number) as [number, number, number];
  if (![minutes, perSecond, documents].every((value) => value > 0)) throw new Error('--minutes, --rate and --documents take numbers above 0.');
  if (values.embedder !== 'onnx' && values.embedder !== 'stub') throw new Error('--embedder takes onnx or stub.');
  const { embedder } = values;
  const machine = describeMachine();
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: embedder });
  try {
    log(`soak: ingesting ${documents} documents …`);
    const target = await fillTarget(stack, { tenant: 'soak', embedder, documents: inventPassages(documents), queries: inventQueries(300) });
    const course = await soak(target, { minutes, perSecond }, log);
    const verdict = judge(course);
    console.log(`${machine.date} · ${machine.machine}\n${renderSoak(course, verdict)}`);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...machine, ...course, verdict }, undefined, 2)}\n`);
    return verdict.every(({ reached }) => reached !== false);
  } finally {
    await stack.stop();
  }
}

process.exit((await main()) ? 0 : 1);
