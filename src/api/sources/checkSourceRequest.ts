import type { SourceDefinition } from '../../contracts/sources.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { urlObjection } from '../ingest/urlRules.ts';
import { invalidRequest } from '../parseInput.ts';

/** Throws INVALID_REQUEST where the source names an address that is never fetched. */
export function checkSourceRequest({ allowPrivateAddresses }: Pick<ApiDependencies, 'allowPrivateAddresses'>, { definition }: { readonly definition: SourceDefinition }): void {
  const problems = addressesOf(definition).flatMap(({ pointer, url }) => {
    const objection = urlObjection(url, allowPrivateAddresses);
    return objection === undefined ? [] : [{ pointer, code: 'URL_FORBIDDEN', detail: objection }];
  });
  if (problems.length > 0) throw invalidRequest(problems);
}

function addressesOf(definition: SourceDefinition): { readonly pointer: string; readonly url: string }[] {
  switch (definition.type) {
    case 'bucket':
      return [];
    case 'pages':
      return definition.urls.map((url, index) => ({ pointer: `/definition/urls/${index}`, url }));
    default:
      return [{ pointer: '/definition/url', url: definition.url }];
  }
}
