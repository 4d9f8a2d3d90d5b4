import { describe, expect, it } from 'vitest';
import { canonicalUrl, urlObjection } from '../../../src/api/ingest/urlRules.ts';

describe('an address', () => {
  it.each([
    ['HTTP://EXAMPLE.com:80', 'http://example.com/'],
    ['https://example.com:443/a/./b/../c?z=1&a=2#top', 'https://example.com/a/c?z=1&a=2'],
    ['https://example.com:8443/A', 'https://example.com:8443/A'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ])('%s is known as %s', (address, canonical) => {
    expect(canonicalUrl(address)).toBe(canonical);
  });

  it.each([
    'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://10.1.2.3', 'http://192.168.0.1', 'http://172.16.0.1', 'http://169.254.169.254/latest',
    'http://0.0.0.0/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[fd00::1]/', 'http://[fe80::1]/', 'http://localhost', 'http://LOCALHOST.', 'http://a.localhost:8080/', 'http://224.0.0.1', 'http://100.64.0.1',
  ])('%s is not fetched unless private ones are allowed', (address) => {
    expect(urlObjection(address, false)).toMatch(/only addresses on the public internet/);
    expect(urlObjection(address, true)).toBeUndefined();
  });

  it.each(['https://user:password@example.com/', 'https://user@example.com/'])('%s is never taken with credentials', (address) => {
    expect(urlObjection(address, true)).toMatch(/credentials/);
  });

  it.each(['https://example.com/', 'http://93.184.216.34/', 'http://[2606:2800:220:1::1]/', 'https://localhost.example.com/'])('%s is fine', (address) => {
    expect(urlObjection(address, false)).toBeUndefined();
  });
});
