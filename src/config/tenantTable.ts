import { z } from 'zod';
import { tenantSchema } from '../contracts/identifiers.ts';

/** Numbers by tenant; `*` stands for all that are not named, and for what a named one does not say. */
export type TenantTable<Name extends string> = Readonly<Record<string, Readonly<Partial<Record<Name, number>>>>>;

const rule = /^(\*|[a-z0-9][a-z0-9_-]{0,62})=([^=;]+)$/;
const entry = /^([a-zA-Z]+):(none|\d+(?:\.\d+)?)$/;

/** `*=search:600,ingest:60;acme=search:6000,ingest:none`. */
export function tenantTable<Name extends string>(names: readonly Name[], { whole = true } = {}) {
  const isName = (text: string): text is Name => (names as readonly string[]).includes(text);
  return z.string().default('').transform((text, context): TenantTable<Name> => {
    const said = new Map<string, Partial<Record<Name, number | undefined>>>();
    for (const part of text.split(';').map((piece) => piece.trim()).filter((piece) => piece !== '')) {
      const [, tenant = '', list = ''] = rule.exec(part) ?? [];
      const entries = list.split(',').map((piece) => entry.exec(piece.trim()));
      const numbers: Partial<Record<Name, number | undefined>> = {};
      let known = tenant === '*' || tenantSchema.safeParse(tenant).success;
      for (const [, name = '', value = ''] of entries.map((found) => found ?? [])) {
        if (!isName(name) || (whole && value.includes('.')) || Number(value) === 0) known = false;
        else numbers[name] = value === 'none' ? undefined : Number(value);
      }
      if (known) said.set(tenant, { ...said.get(tenant), ...numbers });
      else context.addIssue({ code: 'custom', message: `holds "${part.slice(0, 100)}", which is not TENANT=NAME:NUMBER,NAME:NUMBER with ${names.join(', ')} and numbers above 0 or none` });
    }
    const all = said.get('*') ?? {};
    return Object.fromEntries([...said].map(([tenant, numbers]) => [tenant, withoutNone({ ...all, ...numbers })]));
  });
}

function withoutNone<Name extends string>(numbers: Partial<Record<Name, number | undefined>>): Partial<Record<Name, number>> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)) as Partial<Record<Name, number>>;
}

/** What holds for a tenant. */
export function numbersOf<Name extends string>(table: TenantTable<Name>, tenant: string): TenantTable<Name>[string] | undefined {
  return Object.hasOwn(table, tenant) ? table[tenant] : table['*'];
}
