import { CatalystError } from '../../contracts/errors.ts';
import type { AcquiredDocument } from '../../contracts/ingestion.ts';
import type { PersonalValue } from '../../contracts/vault.ts';
import type { VaultNames } from '../../ports/vault.ts';
import { normalise } from '../../privacy/normalise.ts';
import { markOf } from '../../privacy/redact.ts';
import type { Mark } from '../../privacy/redact.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** How personal data of a document is replaced, as it was when the version was named: by its kind alone, or by the name of its entry too. Throws VAULT_KEY_UNKNOWN. */
export function markFor(dependencies: Pick<ActivityDependencies, 'vault'>, tenant: string, document: Pick<AcquiredDocument, 'vault'>): Mark {
  if (document.vault === undefined) return markOf;
  const names = requireNames(dependencies, tenant, document.vault);
  return (kind, value) => vaultMark(kind, names.nameOf(kind, normalise(kind, value)));
}

/** The same, with what was replaced. */
export function collectingMark(dependencies: Pick<ActivityDependencies, 'vault'>, tenant: string, named: string): { readonly mark: Mark; readonly values: ReadonlyMap<string, PersonalValue> } {
  const names = requireNames(dependencies, tenant, named);
  const values = new Map<string, PersonalValue>();
  const mark: Mark = (kind, value) => {
    const name = names.nameOf(kind, normalise(kind, value));
    // The first way of writing it is kept.
    if (!values.has(name)) values.set(name, { name, kind, value });
    return vaultMark(kind, name);
  };
  return { mark, values };
}

/** No colon: "ssn:" and the like are what redaction looks for, so that a mark would be redacted itself. */
const vaultMark = (kind: string, name: string): string => `[${kind}#${name}]`;

function requireNames({ vault }: Pick<ActivityDependencies, 'vault'>, tenant: string, named: string): VaultNames {
  const names = vault?.namesOf(tenant);
  if (names?.id !== named) throw new CatalystError('VAULT_KEY_UNKNOWN', 'The document was to be redacted by another CATALYST_VAULT_NAME_KEY than this process has, or it has none.');
  return names;
}
