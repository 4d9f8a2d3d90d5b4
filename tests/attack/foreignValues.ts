import type { Holdings } from './holdings.ts';

/** What a field names. */
export type FieldKind = 'identifier' | 'artifactUri' | 'searchCursor' | 'listCursor' | 'eventId' | 'entityTag' | 'chosenId' | 'location' | 'host' | 'bucketName' | 'keyPrefix' | 'metadataText' | 'idempotencyKey' | 'tenantName' | 'vaultName' | 'closed';

/** Opened to the victim alone by the configuration of the stack. */
export const victimsBucket = 'files-of-another';

/** Something of the other tenant, and something of the same form that nobody has. */
export interface ForeignValue {
  readonly name: string;
  readonly foreign: string;
  readonly missing: string;
}

/** Every identifier goes into every field that takes one: a job's may not be known where a document's is asked for, either. */
export function foreignValues(kind: FieldKind, victim: Holdings, attacker: Holdings): ForeignValue[] {
  switch (kind) {
    case 'identifier':
      return Object.entries(victim.identifiers).flatMap(([name, id]) => [
        { name, foreign: id, missing: neighbour(id) },
        ...(name === 'document' || name === 'job' ? [{ name: `${name} in capitals`, foreign: id.toUpperCase(), missing: neighbour(id).toUpperCase() }] : []),
      ]);
    case 'artifactUri':
      return addressForms(victim, attacker);
    case 'searchCursor':
      return [{ name: 'search cursor', foreign: victim.searchCursor, missing: `${victim.searchCursor.startsWith('A') ? 'B' : 'A'}${victim.searchCursor.slice(1)}` }];
    case 'listCursor':
      return victim.listCursors.map((cursor, place) => ({ name: `list cursor ${place}`, foreign: cursor, missing: cursor.replace(/[0-9a-f](?=(?:_\d+)?$)/, otherDigit) }));
    case 'eventId':
      // No event of the attacker lies between the two.
      return [{ name: 'event', foreign: victim.eventId, missing: String(BigInt(victim.eventId) - 1n) }];
    case 'entityTag':
      return [{ name: 'entity tag', foreign: victim.entityTag, missing: victim.entityTag.replace(/[0-9a-f](?="$)/, otherDigit) }];
    case 'chosenId':
      return [{ name: 'chosen id', foreign: victim.chosenId, missing: `${victim.chosenId}x` }];
    case 'location':
      return [victim.chosenId, victim.artifactUri, victim.chosenId.slice(0, 9), `https://${victim.host}/`].map((text) => ({ name: 'location', foreign: text, missing: `${text.slice(0, -1)}~` }));
    case 'host':
      return [{ name: 'host', foreign: victim.host, missing: `x${victim.host}` }];
    case 'bucketName':
      return [{ name: 'bucket that is open to the other tenant', foreign: victimsBucket, missing: `${victimsBucket}x` }];
    case 'keyPrefix':
      return [{ name: 'prefix of the other tenant', foreign: `tenants/${victim.tenant}/`, missing: `tenants/${victim.tenant}x/` }];
    case 'metadataText':
      return [victim.metadataValue, victim.metadataValue.slice(0, 9)].map((text) => ({ name: 'beginning of a value', foreign: text, missing: `${text.slice(0, -1)}~` }));
    case 'idempotencyKey':
      return [{ name: 'idempotency key', foreign: victim.idempotencyKey, missing: `${victim.idempotencyKey}x` }];
    case 'tenantName':
      return [{ name: 'name of the other tenant', foreign: victim.tenant, missing: `${victim.tenant}x` }];
    case 'vaultName':
      return [{ name: 'name in the vault', foreign: victim.vaultName, missing: victim.vaultName.replace(/.$/, (end) => (end === 'a' ? 'b' : 'a')) }];
    case 'closed':
      return [];
  }
}

const otherDigit = (digit: string): string => (digit === '0' ? '1' : '0');

/** Stands beside the identifier in every order, so that lists that begin after either are the same. */
function neighbour(id: string): string {
  return id.replace(/[0-9a-f]$/, otherDigit);
}

/** The same object, written in ways that a careless comparison would take for one's own. */
function addressForms({ artifactUri, tenant }: Holdings, { tenant: own }: Holdings): ForeignValue[] {
  const missingUri = artifactUri.replace(/.$/, (end) => (end === '0' ? '1' : '0'));
  const there = `tenants/${tenant}/`;
  const forms: Readonly<Record<string, (uri: string) => string>> = {
    plain: (uri) => uri,
    'from one’s own prefix': (uri) => uri.replace(there, `tenants/${own}/../${tenant}/`),
    'encoded dots': (uri) => uri.replace(there, `tenants/${own}/%2e%2e/${tenant}/`),
    'encoded slashes': (uri) => uri.replace(there, `tenants/${own}%2f..%2f${tenant}/`),
    'doubled slash': (uri) => uri.replace(there, `tenants//${tenant}/`),
    'dot segment': (uri) => uri.replace(there, `./tenants/${tenant}/`),
    'own prefix twice': (uri) => uri.replace(there, `tenants/${own}/tenants/${tenant}/`),
    capitals: (uri) => uri.replace(there, `tenants/${tenant.toUpperCase()}/`),
    backslash: (uri) => uri.replace(there, `tenants/${own}\\..\\${tenant}\\`),
    query: (uri) => `${uri}?versionId=null`,
    fragment: (uri) => `${uri}#`,
  };
  return Object.entries(forms).map(([name, form]) => ({ name: `artifact, ${name}`, foreign: form(artifactUri), missing: form(missingUri) }));
}
