/** The OpenAPI document of the last release: what clients in the field were written against. Written by `npm run release` alone. */
export const releasedOpenApiFile = new URL('../../docs/reference/openapi.released.json', import.meta.url);
