import express from 'express';
import type { RequestHandler, Response } from 'express';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { z } from 'zod';
import { defineRoute } from '../route.ts';
import type { Route, RouteDocumentation } from '../route.ts';
import type { OpenApiDocument } from './openApiDocument.ts';
import { errorsPage, referencePage, referenceScript } from './pages.ts';

/** `document` is called for each request, because the document also describes these routes. */
export function createReferenceRoutes(document: () => OpenApiDocument): Route[] {
  const errors = errorsPage();
  return [
    page('/openapi.json', 'getOpenApiDocument', 'This API as OpenAPI 3.1', 'application/json', (response) => response.json(document())),
    page('/docs', 'getReference', 'This API as a readable reference', 'text/html', (response) => response.type('html').send(referencePage)),
    page('/docs/reference.js', 'getReferenceScript', 'Script of the reference page', 'text/javascript', (response) => response.type('text/javascript').send(referenceScript)),
    page('/docs/errors', 'getErrorCodes', 'All error codes with their remedies', 'text/html', (response) => response.type('html').send(errors)),
  ];
}

/** Style sheet, script and icon of Swagger UI; what is not among them falls through. */
export function createReferenceAssets(): RequestHandler {
  const files = express.static(getAbsoluteFSPath(), { index: false, redirect: false, maxAge: '1h' });
  const served = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);
  return function referenceAssets(request, response, next) {
    if (served.has(request.path)) files(request, response, next);
    else next();
  };
}

function page(path: Route['path'], operationId: string, summary: string, mediaType: string, answer: (response: Response) => unknown): Route {
  const schema = mediaType === 'application/json' ? z.record(z.string(), z.unknown()) : z.string();
  const documentation: RouteDocumentation = { operationId, tag: 'Reference', summary, answers: { 200: { description: summary, mediaType, schema } } };
  return defineRoute({
    method: 'get',
    path,
    scope: null,
    documentation,
    handle(_input, _request, response) {
      answer(response);
    },
  });
}
