import { apiPage } from './apiPage.ts';
import { cliPage } from './cliPage.ts';
import { configurationPage } from './configurationPage.ts';
import { errorsPage } from './errorsPage.ts';
import { metricsPage } from './metricsPage.ts';
import { retriesPage } from './retriesPage.ts';
import { scopesPage } from './scopesPage.ts';
import { servedOpenApi } from './servedOpenApi.ts';

/** Where the pages lie. */
export const referenceFolder = new URL('../../docs/reference/', import.meta.url);

/** Every page that is made from code, by its name in `docs/reference`. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const openApi = await servedOpenApi();
  return new Map([
    ['api.md', apiPage(openApi)],
    ['cli.md', await cliPage()],
    ['configuration.md', configurationPage()],
    ['errors.md', errorsPage()],
    ['metrics.md', metricsPage()],
    ['openapi.json', `${JSON.stringify(openApi, undefined, 2)}\n`],
    ['retries.md', retriesPage()],
    ['scopes.md', scopesPage(openApi)],
  ]);
}
