import { CatalystError } from '../../contracts/errors.ts';
import { revealRequestSchema, revealResponseSchema } from '../../contracts/vault.ts';
import type { RevealResponse } from '../../contracts/vault.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type VaultDependencies = Pick<ApiDependencies, 'vault' | 'emit'>;

export function createVaultRoutes({ vault, emit }: VaultDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/vault/reveal',
      scope: 'vault:reveal',
      // It changes nothing, and its answer must not be kept for a repetition.
      onlyReads: true,
      isAudited: true,
      auditedNames: ({ body: { names } }) => names,
      body: revealRequestSchema,
      bodyExamples: { names: { summary: 'What two marks stand for', value: { names: ['k3v7abcdefgh2345', 'zq5m2abcdefgh765'] } } },
      documentation: {
        operationId: 'revealPersonalData',
        tag: 'Vault',
        summary: 'Bring back redacted personal data',
        description: 'What marks such as `[email#k3v7abcdefgh2345]` stand for, where the tenant keeps what is redacted (`reversible` in its search settings). An entry is answered to callers who may see at least one document that uses it. Each request is told in the audit log, with the names and never the values.',
        answers: { 200: { description: 'The entries that there are, and the names that there are not.', schema: revealResponseSchema } },
        failures: ['VAULT_OFF', 'VAULT_KEY_UNKNOWN', 'VAULT_UNREADABLE', 'REGISTRY_UNAVAILABLE', 'AUDIT_UNAVAILABLE'],
      },
      async handle({ body }, request, response) {
        if (vault === undefined) throw new CatalystError('VAULT_OFF', 'No keys are configured, so that nothing is kept of what is redacted.');
        const names = [...new Set(body.names)];
        const principal = principalOfRequest(request);
        const entries = await vault.reveal(principal, names);
        emit({ type: 'vault.revealed', tenant: principal.tenant, subject: principal.subject, asked: names.length, revealed: entries.length });
        const found = new Set(entries.map(({ name }) => name));
        response.json({ entries, missing: names.filter((name) => !found.has(name)) } satisfies RevealResponse);
      },
    }),
  ];
}
