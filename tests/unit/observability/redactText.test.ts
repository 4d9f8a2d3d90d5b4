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
