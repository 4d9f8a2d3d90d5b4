import { z } from 'zod';
import { artifactLinkSchema, versionArtifactKindSchema } from '../../contracts/library.ts';
import type { ArtifactLinkAnswer } from '../../contracts/library.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { invalidRequest, principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { findArtifact, servedTypeOf, stillStored } from './findArtifact.ts';
import { documentParameters } from './parameters.ts';

const bodySchema = z.strictObject({
  version: z.uuid().optional().meta({ description: 'The visible version when absent.' }),
  expiresInSeconds: z.int().min(1).max(3_600).optional().meta({ description: 'What the operator allows (five minutes as a rule) when absent; more than that is refused.' }),
});

/** A way to the bytes that does not lead through the API: whoever has the address has what the caller may read, so it lives for minutes. */
export function createArtifactLinkRoute({ library, artifacts, limits }: Pick<ApiDependencies, 'library' | 'artifacts' | 'limits'>): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/documents/:documentId/artifacts/:kind/links',
    scope: 'documents:read',
    onlyReads: true,
    // As if the bytes had been read: nobody tells when they are.
    isAudited: true,
    parameters: documentParameters.extend({ kind: versionArtifactKindSchema }),
    body: bodySchema,
    documentation: {
      operationId: 'createArtifactLink',
      tag: 'Documents',
      summary: 'A short-lived link to a document’s artifact',
      description:
        'An address at the artifact store that gives these bytes, and no others, to whoever has it until it expires, as an attachment. Where `headers` names some, they have to be sent exactly so. Needs all policy labels of the document; a link that was made stays good until it expires.',
      answers: { 200: { description: 'The link.', schema: artifactLinkSchema } },
      failures: ['NOT_FOUND', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { documentId, kind }, body }, request, response) {
      const { version: versionId, expiresInSeconds: seconds = limits.linkSeconds } = body;
      if (seconds > limits.linkSeconds) throw invalidRequest([{ pointer: '/expiresInSeconds', code: 'too_big', detail: `A link lives ${limits.linkSeconds} seconds at the most.` }]);
      const principal = principalOfRequest(request);
      const artifact = await findArtifact(library, principal, { documentId, versionId, kind });
      const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString();
      const link = await stillStored(artifact, () => artifacts.link(principal.tenant, artifact, { seconds, fileName: `${documentId}.${kind}`, mediaType: servedTypeOf(artifact) }));
      const { length, digest, mediaType } = artifact;
      response.json({ ...link, method: 'GET', expiresAt, bytes: length, digest, mediaType } satisfies ArtifactLinkAnswer);
    },
  });
}
