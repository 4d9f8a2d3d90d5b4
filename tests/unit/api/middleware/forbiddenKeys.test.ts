import { expect, test } from 'vitest';
import { findForbiddenKey, mayHoldForbiddenKeys } from '../../../../src/api/middleware/forbiddenKeys.ts';

const find = (text: string): string | undefined => (mayHoldForbiddenKeys(Buffer.from(text)) ? findForbiddenKey(JSON.parse(text)) : undefined);

test('a key that no field can have is found wherever it stands, however it is written', () => {
  expect(find('{"__proto__":1}')).toBe('/__proto__');
  expect(find('{"filters":{"not":[{"metadata":{"\\u005f_proto\\u005f_":"x"}}]}}')).toBe('/filters/not/0/metadata/__proto__');
});

test('texts may say it, and depth does no harm', () => {
  expect(find('{"query":"what is __proto__"}')).toBeUndefined();
  expect(find('{"constructor":{"prototype":1}}')).toBeUndefined();
  const depth = 100_000;
  expect(findForbiddenKey(JSON.parse(`${'['.repeat(depth)}{"__proto__":1}${']'.repeat(depth)}`))?.endsWith('/__proto__')).toBe(true);
});
