import { expect, it } from 'vitest';
import { tenantList } from '../../../src/config/tenantList.ts';

it('tenants stand between commas, each once', () => {
  expect(tenantList.parse(' acme, globex,acme ')).toEqual(['acme', 'globex']);
  expect([tenantList.parse(undefined), tenantList.parse('')]).toEqual([[], []]);
});

it('what is no tenant is named', () => {
  expect(tenantList.safeParse('acme,Ac me').error?.issues[0]?.message).toMatch(/"Ac me"/);
});
