import { extname } from 'node:path';
import type { Digest } from '../../contracts/identifiers.ts';
import type { AcquiredDocument, JobScope, ParsedArtifact, StageResult } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import { parserVersion } from '../../documents/parse.ts';
import { redactionVersion } from '../../documents/redactParsed.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { VaultUse } from '../../ports/vault.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { encodeJson, jsonMediaType } from './encoding.ts';
import type { FairTurns } from '../turns/fairTurns.ts';
import { redactDocument } from './redactDocument.ts';
import { reuseOrMake, settle } from './reuseOutputs.ts';
import { progressOf, runStage } from './stage.ts';
import { stageKey } from './stageKeys.ts';
import { storeAttachments } from './storeAttachments.ts';

/** Names what parsing makes of a document: by its bytes, what is declared of them, how pictures of pages are read, and what is not to be kept of it. */
export function parseKey(settings: string | undefined, { raw, mediaType, fileName, url, redact, vault }: Pick<AcquiredDocument, 'raw' | 'mediaType' | 'fileName' | 'url' | 'redact' | 'vault'>): Digest {
  const redaction = redact === undefined ? [] : [redactionVersion, redact, ...(vault === undefined ? [] : [vault])];
  return stageKey('parse', parserVersion, settings ?? null, raw.digest, mediaType ?? null, extname(fileName ?? '').toLowerCase(), url ?? null, ...redaction);
}

export type ParseDependencies = ActivityDependencies & { readonly parserTurns: FairTurns };

/** What even an empty document costs, in bytes of text. */
const costOfAny = 2_000;

type ParseInput = AcquiredDocument & { readonly specification: DocumentSpecification };

/** Raw bytes → parsed text and structure. */
export async function parseDocuments(dependencies: ParseDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  const line = dependencies.parserTurns.line(scope.tenant, scope.jobId);
  let processorSeconds = 0;
  return runStage<ParsedArtifact>(dependencies, scope, 'parse', indexes, async (tasks) => {
    const run = await reuseOrMake(
      dependencies,
      scope.tenant,
      progressOf<AcquiredDocument>(tasks, 'raw').map((document, position): ParseInput => ({ ...document, specification: (tasks[position] as JobTask).specification })),
      {
        kind: 'text',
        keyOf: (document) => parseKey(dependencies.parser.settings, document),
        // The text alone does not tell what was replaced in it, and each version is to be known as a user of its entries.
        mayReuse: ({ vault }) => vault === undefined,
        make: async (missing) => {
          const raw = await dependencies.artifacts.getAll(scope.tenant, missing.map((document) => document.raw));
          const hidden: VaultUse[] = [];
          const made = await Promise.all(
            missing.map((document, position) =>
              settle(async () => {
                const { mediaType, fileName, url } = document;
                const bytes = raw[position] as Uint8Array;
                const whole = await line.run(bytes.length + costOfAny, context.signal, () => dependencies.parser.parse(bytes, { mediaType, fileName, url }, (seconds) => (processorSeconds += seconds)));
                const { parsed, use } = redactDocument(dependencies, scope.tenant, document, document.specification, whole);
                if (use !== undefined) hidden.push(use);
                context.progress(position);
                return { bytes: encodeJson(await storeAttachments(dependencies.artifacts, scope.tenant, parsed)), mediaType: jsonMediaType };
              }),
            ),
          );
          // Before the texts whose marks name them.
          if (hidden.length > 0) await dependencies.vault?.keep(scope.tenant, scope.jobId, hidden);
          return made;
        },
      },
      ({ specification: _specification, ...document }, text): ParsedArtifact => ({ ...document, text }),
    );
    return { ...run, use: { processorSeconds } };
  });
}
