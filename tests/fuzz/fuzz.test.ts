import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FullStack } from '../support/fullStack.ts';
import { fuzzToken, startFuzzStack } from './fuzzStack.ts';
import { runSchemathesis } from './schemathesis.ts';

let stack: FullStack;
beforeAll(async () => {
  stack = await startFuzzStack();
}, 600_000);
afterAll(async () => {
  await (stack as FullStack | undefined)?.stop();
}, 60_000);

/** Bounded; `npm run fuzz` goes on for as long as one likes. */
it('whatever is sent to the API, its answers are what its OpenAPI document promises', async () => {
  const { code, output, requests, operations } = await runSchemathesis({ url: stack.apiUrl, token: await fuzzToken(stack), seconds: 75, seed: 6 });
  expect(code, output).toBe(0);
  expect(operations).toBeGreaterThan(60);
  expect(requests).toBeGreaterThan(300);
}, 600_000);
