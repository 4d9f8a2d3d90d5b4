import type { AcquiredDocument } from '../../contracts/ingestion.ts';
import type { ParsedText } from '../../contracts/parsed.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import { redactParsed } from '../../documents/redactParsed.ts';
import type { VaultUse } from '../../ports/vault.ts';
import { redactText } from '../../privacy/redact.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { redactSpecification } from './redactSpecification.ts';
import { collectingMark } from './vaultMarks.ts';

/**
 * The document without personal data; `use`: what the vault is to keep of it, the title and metadata that the caller gave included,
 * which later stages redact in the same way. Throws VAULT_KEY_UNKNOWN.
 */
export function redactDocument<Parsed extends ParsedText>(dependencies: Pick<ActivityDependencies, 'vault'>, tenant: string, document: AcquiredDocument, specification: DocumentSpecification, whole: Parsed): { readonly parsed: Parsed; readonly use?: VaultUse } {
  const { redact, vault, documentId, versionId, sequence, sourceTitle } = document;
  if (redact === undefined) return { parsed: whole };
  if (vault === undefined) return { parsed: redactParsed(whole, redact) };
  const { mark, values } = collectingMark(dependencies, tenant, vault);
  const parsed = redactParsed(whole, redact, mark);
  redactSpecification(specification, redact, mark);
  if (sourceTitle !== undefined) redactText(sourceTitle, redact, mark);
  return { parsed, ...(values.size === 0 ? {} : { use: { documentId, versionId, sequence, values: [...values.values()] } }) };
}
