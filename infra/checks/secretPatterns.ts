/** Forms of secrets, each so particular that hardly anything else looks like it. */
export interface SecretPattern {
  readonly name: string;
  readonly form: RegExp;
}

export const secretPatterns: readonly SecretPattern[] = [
  { name: 'private key', form: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=]{20,}/g },
  { name: 'API key of this product', form: /catalyst_[a-z0-9]{12}_[A-Za-z0-9_-]{40,}/g },
  { name: 'JWT', form: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/g },
  { name: 'AWS access key', form: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: 'GitHub token', form: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/g },
  { name: 'npm token', form: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'Slack token', form: /\bxox[abprs]-[A-Za-z0-9-]{20,}/g },
  { name: 'Google API key', form: /\bAIza[A-Za-z0-9_-]{35}\b/g },
  { name: 'OpenAI or Anthropic key', form: /\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}/g },
  { name: 'Firecrawl key', form: /\bfc-[0-9a-f]{32}\b/g },
  { name: 'Stripe key', form: /\b[rs]k_live_[A-Za-z0-9]{20,}/g },
  { name: 'password in an address', form: /\b[a-z][a-z0-9+.-]{2,}:\/\/[^\s:@/'"`${}<>]{1,60}:(?![Pp]assword@|PASSWORD@)[^\s:@/'"`${}<>*]{8,}@[A-Za-z0-9.-]+/g },
  { name: 'assigned secret', form: /\b[A-Za-z_]*(?:SECRET|PASSWORD|API_?KEY|ACCESS_?KEY|TOKEN)[A-Za-z_]*\s*[:=]\s*["']?(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{32,}/g },
];

export interface FoundSecret {
  readonly pattern: string;
  readonly match: string;
}

export function secretsIn(text: string): FoundSecret[] {
  return secretPatterns.flatMap(({ name, form }) => [...text.matchAll(form)].map(([match]) => ({ pattern: name, match })));
}
