/** A defect that the suite must find: one passage of a source file, exchanged as the file is loaded. Files on disk stay as they are. */
export interface Mutation {
  readonly name: string;
  /** From the root of the project. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const mutations = {
  filterWithoutTenant: {
    name: 'the filter builder forgets the tenant',
    file: 'src/tenancy/chunkFilter.ts',
    from: 'return [{ key: indexFields.tenant, match: { value: principal.tenant } }];',
    to: 'return principal.tenant === indexFields.tenant ? [{ is_empty: { key: indexFields.tenant } }] : [];',
  },
  cacheWithoutTenant: {
    name: 'answers are remembered without the tenant',
    file: 'src/retrieval/cache/resultKey.ts',
    from: 'return `${tenant}:${digestOfJson({ tenant, policies: held, request, epoch, version })}`;',
    to: "return tenant === '' ? epoch : `everybody:${digestOfJson({ policies: held, request, version })}`;",
  },
  cacheWithoutLabels: {
    name: 'answers are remembered without the labels',
    file: 'src/retrieval/cache/resultKey.ts',
    from: 'policies: held, request',
    to: 'policies: held.slice(0, 0), request',
  },
  everybodyIsTheVictim: {
    name: 'registries are asked for another tenant',
    file: 'src/api/authentication/principalOf.ts',
    from: 'return { tenant, subject,',
    to: "return { tenant: tenant === 'attack-other' ? 'attack-victim' : tenant, subject,",
  },
  platformOfEverybody: {
    name: 'scopes over tenants count for every tenant',
    file: 'src/api/tenants/limitPrincipal.ts',
    from: 'principal.tenant === platform',
    to: "principal.tenant !== ''",
  },
  tellingRefusal: {
    name: 'a refusal tells a foreign source from a missing one',
    file: 'src/api/sources/findSource.ts',
    from: 'There is no source',
    to: 'There is no source ${/[02468ace]$/.test(sourceId) ? "here" : "there"}',
  },
} as const satisfies Record<string, Mutation>;
