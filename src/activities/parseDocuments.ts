import { extname } from 'node:path';
import type { AcquiredDocument, JobScope, ParsedArtifact, StageResult } from '../contracts/ingestion.ts';
import { parserVersion } from '../documents/parse.ts';
import type { ActivityContext } from './activityContext.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { encodeJson, jsonMediaType } from './encoding.ts';
import { reuseOrMake, settle } from './reuseOutputs.ts';
import { progressOf, runStage } from './stage.ts';
import { stageKey } from './stageKeys.ts';
import { storeAttachments } from './storeAttachments.ts';

/** Raw bytes → parsed text and structure. */
export async function parseDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  return runStage<ParsedArtifact>(dependencies, scope, 'parse', indexes, (tasks) =>
    reuseOrMake(
      dependencies,
      scope.tenant,
      progressOf<AcquiredDocument>(tasks, 'raw'),
      {
        kind: 'text',
        keyOf: (document) => stageKey('parse', parserVersion, dependencies.parser.settings ?? null, document.raw.digest, document.mediaType ?? null, extname(document.fileName ?? '').toLowerCase(), document.url ?? null),
        make: async (missing) => {
          const raw = await dependencies.artifacts.getAll(scope.tenant, missing.map((document) => document.raw));
          return Promise.all(
            missing.map((document, position) =>
              settle(async () => {
                const { mediaType, fileName, url } = document;
                const parsed = await dependencies.parser.parse(raw[position] as Uint8Array, { mediaType, fileName, url });
                context.progress(position);
                return { bytes: encodeJson(await storeAttachments(dependencies.artifacts, scope.tenant, parsed)), mediaType: jsonMediaType };
              }),
            ),
          );
        },
      },
      (document, text) => ({ ...document, text }),
    ),
  );
}
