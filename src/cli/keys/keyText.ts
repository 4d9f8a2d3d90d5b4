import type { ApiKey, IssuedApiKey } from '../../contracts/apiKeys.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';

export function keysText(keys: readonly ApiKey[]): string {
  if (keys.length === 0) return 'There are no API keys.\n';
  const rows = keys.map(({ id, name, prefix, state, expiresAt, lastUsedAt }) => [id, oneLine(name), prefix, state, day(expiresAt, 'never'), time(lastUsedAt, 'not yet')]);
  return table([['id', 'name', 'prefix', 'state', 'expires', 'last used'], ...rows]);
}

export function keyText({ id, name, prefix, state, scopes, policies, expiresAt, previous }: ApiKey): string {
  const rows = [
    ['key', id],
    ['name', oneLine(name)],
    ['prefix', prefix],
    ['state', state],
    ['scopes', scopes.join(' ')],
    ...(policies.length === 0 ? [] : [['labels', policies.map(oneLine).join(', ')]]),
    ['expires', day(expiresAt, 'never')],
    ...(previous === null ? [] : [['before', `${previous.prefix} is accepted until ${time(previous.validUntil, '')}`]]),
  ];
  return table(rows);
}

/** The secret alone on its line, to be copied. */
export function issuedKeyText({ key, secret }: IssuedApiKey): string {
  return `${keyText(key)}\nKeep it now, it is not shown again:\n${secret}\n`;
}

function day(moment: string | null, otherwise: string): string {
  return moment?.slice(0, 10) ?? otherwise;
}

function time(moment: string | null, otherwise: string): string {
  return moment === null ? otherwise : `${moment.slice(0, 16).replace('T', ' ')} UTC`;
}
