/** `npm run fuzz`: Schemathesis against the API at length; `-- --minutes 30 --seed 7`. Exit code 1 where an answer is not what the reference promises. */
import { parseArgs } from 'node:util';
import { fuzzToken, startFuzzStack } from './fuzzStack.ts';
import { runSchemathesis } from './schemathesis.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const stack = await startFuzzStack((line) => console.log(line));
try {
  const token = await fuzzToken(stack);
  const { code, requests, operations } = await runSchemathesis({ url: stack.apiUrl, token, seconds: Number(values.minutes) * 60, seed: values.seed === undefined ? undefined : Number(values.seed), log: (text) => process.stdout.write(text) });
  console.log(`${requests} requests to ${operations} operations: ${code === 0 ? 'every answer is as promised' : 'see above'}`);
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  await stack.stop();
}
