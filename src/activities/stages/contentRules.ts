import { strictest } from '../../contracts/contentRules.ts';
import type { AcquiredDocument } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** What a tenant does not want in its index. The digest of a version counts on it, so that the later stages go by what stood when it was named. */
export type ContentRules = Pick<AcquiredDocument, 'quarantine' | 'redact' | 'vault'>;

/** As they are at this moment; asked once for all documents of a call, as with token vectors. What is off is not set. */
export async function chooseContentRules({ searchSettings, settings, vault }: Pick<ActivityDependencies, 'searchSettings' | 'settings' | 'vault'>, tenant: string): Promise<ContentRules> {
  const { quarantine = settings.quarantine, redact = settings.redact, reversible } = await searchSettings.read(tenant);
  const named = reversible === true ? vault?.namesOf(tenant).id : undefined;
  return { ...(quarantine === 'off' ? {} : { quarantine }), ...(redact.length === 0 ? {} : { redact: [...new Set(redact)].sort() }), ...(named === undefined ? {} : { vault: named }) };
}

/** For one document: those of the tenant, and what its source asks for besides. Where nothing is redacted there is nothing to bring back. */
export function rulesFor({ vault, ...ofTenant }: ContentRules, { quarantine, redact }: Pick<DocumentSpecification, 'quarantine' | 'redact'>): ContentRules {
  const rules = strictest({ quarantine: ofTenant.quarantine, redact: ofTenant.redact }, { quarantine, redact });
  return { ...rules, ...(vault === undefined || rules.redact === undefined ? {} : { vault }) };
}

/** For a digest: nothing where no rule is set, so that versions of before keep theirs. */
export function digestedRules({ quarantine, redact, vault }: ContentRules): readonly ContentRules[] {
  if (quarantine === undefined && redact === undefined) return [];
  return [{ ...(quarantine === undefined ? {} : { quarantine }), ...(redact === undefined ? {} : { redact }), ...(vault === undefined ? {} : { vault }) }];
}
