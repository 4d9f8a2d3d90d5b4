import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { isPublicAddress } from '../../../../src/adapters/shared/addressRules.ts';
import { createGuardedLookup } from '../../../../src/adapters/fetch/guardedAgent.ts';

const lookup = (answers: (LookupAddress[] | Error)[], all: boolean): Promise<{ error: Error | null; address: unknown; family: unknown }> => {
  const guarded = createGuardedLookup(isPublicAddress, (_hostname, options, callback) => {
    expect(options.all).toBe(true);
    const answer = answers.shift()!;
    if (answer instanceof Error) callback(answer, []);
    else callback(null, answer);
  });
  return new Promise((resolve) => guarded('site.example', { all }, (error, address, family) => resolve({ error, address, family })));
};
const address = (value: string): LookupAddress => ({ address: value, family: value.includes(':') ? 6 : 4 });

test('public addresses are handed on in the form that was asked for', async () => {
  const both = [address('1.1.1.1'), address('2606:4700::1')];
  expect(await lookup([both], true)).toEqual({ error: null, address: both, family: undefined });
  expect(await lookup([both], false)).toEqual({ error: null, address: '1.1.1.1', family: 4 });
});

test.each([
  ['a private address', [address('10.0.0.1')]],
  ['a private address among public ones', [address('1.1.1.1'), address('fd00::1')]],
  ['no address', []],
])('%s is refused', async (_name, addresses) => {
  expect((await lookup([addresses], true)).error).toMatchObject({ code: 'URL_FORBIDDEN' });
  expect((await lookup([addresses], false)).error).toMatchObject({ code: 'URL_FORBIDDEN' });
});

test('a failure of DNS stays what it is', async () => {
  const failure = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  expect((await lookup([failure], true)).error).toBe(failure);
});
