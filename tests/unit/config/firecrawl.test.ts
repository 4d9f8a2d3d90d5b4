import { expect, test } from 'vitest';
import { firecrawlConfig } from '../../../src/config/firecrawl.ts';
import { variablesSchema } from '../../../src/config/variables.ts';

const configOf = (environment: Record<string, string>) => firecrawlConfig(variablesSchema.parse(environment));
const key = { FIRECRAWL_API_KEY: 'fc-key' };

test('without key and address there is no Firecrawl, whatever else is set', () => {
  expect(configOf({ FIRECRAWL_PLAN: 'growth', FIRECRAWL_WEBHOOK_SECRET: 'a secret of the account' })).toBeUndefined();
});

test('a self-hosted server or an unknown plan has no limits of its own', () => {
  expect(configOf(key)?.limits).toEqual({ browsers: undefined, scrapesPerMinute: undefined, crawlsPerMinute: undefined });
});

test.each([
  ['free', { browsers: 2, scrapesPerMinute: 10, crawlsPerMinute: 1 }],
  ['hobby', { browsers: 5, scrapesPerMinute: 100, crawlsPerMinute: 15 }],
  ['standard', { browsers: 50, scrapesPerMinute: 500, crawlsPerMinute: 50 }],
  ['growth', { browsers: 100, scrapesPerMinute: 5_000, crawlsPerMinute: 250 }],
])('plan %s', (plan, limits) => {
  expect(configOf({ ...key, FIRECRAWL_PLAN: plan })?.limits).toEqual(limits);
});

test('numbers go before those of the plan', () => {
  expect(configOf({ ...key, FIRECRAWL_PLAN: 'hobby', FIRECRAWL_BROWSERS: '7' })?.limits).toEqual({ browsers: 7, scrapesPerMinute: 100, crawlsPerMinute: 15 });
});

test('webhooks need an address and a secret', () => {
  const [url, secret] = ['https://catalyst.example/v1/webhooks/firecrawl', 'a secret of the account'];
  expect(configOf({ ...key, CATALYST_WEBHOOK_URL: url, FIRECRAWL_WEBHOOK_SECRET: secret })?.webhook).toEqual({ url, secret });
  expect(configOf({ ...key, CATALYST_WEBHOOK_URL: url })?.webhook).toBeUndefined();
  expect(configOf({ ...key, FIRECRAWL_WEBHOOK_SECRET: secret })?.webhook).toBeUndefined();
});
