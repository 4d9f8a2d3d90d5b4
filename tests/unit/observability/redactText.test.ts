import { describe, expect, it } from 'vitest';
import { makeApiKey } from '../../../src/api/authentication/apiKeySecret.ts';
import { redactText } from '../../../src/observability/logger.ts';

describe('a log line', () => {
  it('keeps of an API key its prefix alone, wherever it stands', async () => {
    const { token, record } = await makeApiKey();
    for (const text of [token, `{"detail":"sent ${token}"}`, `https://example.com/?k=${token}&x=1`, `a,${token},b`]) {
      const told = redactText(text);
      expect(told).toContain(`${record.prefix}_[redacted]`);
      expect(told).not.toContain(token.slice(record.prefix.length + 1));
    }
    expect(redactText(`Authorization: Bearer ${token}`)).not.toContain(token.slice(record.prefix.length + 1));
  });
});

describe('a log line about people', () => {
  it.each([
    ['{"detail":"no mailbox jane@example.org"}', '{"detail":"no mailbox [email]"}'],
    ['card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, 123-45-6789, +49 30 901820', 'card [card], IBAN [iban], [ssn], [phone]'],
    ['{"password":"hunter22","date_of_birth":"1980-02-29"}', '{"password":"[redacted]","date_of_birth":"[redacted]"}'],
    ['Authorization: Basic am9objpodW50ZXIy and AKIAABCDEFGHIJKLMNOP', 'Authorization: Basic [redacted] and [redacted]'],
  ])('%s', (line, told) => {
    expect(redactText(line)).toBe(told);
  });

  it('keeps what operators need', () => {
    const line = '{"level":"info","time":"2026-11-29T12:26:12.123Z","service":"api","requestId":"0198c0de-0000-7000-8000-000000000000","tenant":"acme","route":"/v1/search","status":200,"latencyMs":4.123456789,"msg":"request.finished"}\n';
    expect(redactText(line)).toBe(line);
  });

  it('finds what an address carries percent-encoded, and leaves all else of it, and the JSON around it, as it is', () => {
    const line = JSON.stringify({ message: 'http://a.test/john%40private.example%20%22123-45-6789%22%0A?password%3Dsecret-word&x=1 answers 500', other: 'http://a.test/a%20b%2Fc%ZZ%C3' });
    const { message, other } = JSON.parse(redactText(line)) as { message: string; other: string };
    expect(message).toBe('http://a.test/[email]%20%22[ssn]%22%0A?password=[redacted]&x=1 answers 500');
    expect(other).toBe('http://a.test/a%20b%2Fc%ZZ%C3');
  });

  it('costs next to nothing', () => {
    const line = `{"level":"info","time":"2026-11-29T12:26:12.123Z","service":"api","requestId":"0198c0de-0000-7000-8000-000000000000","tenant":"acme","method":"POST","route":"/v1/search","status":200,"latencyMs":4.123456789,"msg":"request.finished"}\n`;
    for (let warm = 0; warm < 2_000; warm += 1) redactText(line);
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      for (let round = 0; round < 500; round += 1) redactText(line);
      return (performance.now() - started) / 500;
    });
    expect(Math.min(...times)).toBeLessThan(0.05);
  });
});
