import { createHash } from 'node:crypto';
import { CatalystError } from '../../contracts/errors.ts';
import type { DocumentVersion, StoredDocument } from '../../contracts/library.ts';
import type { ExportLine, TenantAccount } from '../../contracts/tenants.ts';
import type { ApiDependencies } from '../dependencies.ts';

type ExportDependencies = Pick<ApiDependencies, 'library' | 'artifacts'>;

const documentsPerPage = 100;
/** Of the store's bytes; a multiple of 3, so that lines can be joined. */
const bytesPerLine = 3 * 64 * 1024;

/**
 * A tenant as lines of JSON: each document with its visible version and the bytes as they were acquired. The last line counts them and holds
 * the SHA-256 of all lines before it: an export without it is not whole.
 */
export async function* exportTenant(dependencies: ExportDependencies, { tenant, policy }: TenantAccount): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const lineOf = (line: ExportLine): string => {
    const text = `${JSON.stringify(line)}\n`;
    hash.update(text);
    return text;
  };
  let documents = 0;
  let bytes = 0;
  const lost: string[] = [];
  yield lineOf({ type: 'tenant', tenant, at: new Date().toISOString(), policy });
  for await (const document of documentsOf(dependencies, tenant)) {
    const version = await dependencies.library.findVersion({ tenant, policies: 'all' }, document.id, undefined);
    const raw = version?.artifacts.find(({ kind }) => kind === 'raw');
    documents += 1;
    yield lineOf({ type: 'document', document, version, raw: raw === undefined ? null : { mediaType: raw.mediaType, bytes: raw.length, digest: raw.digest } });
    if (raw === undefined) continue;
    let sent = 0;
    for await (const part of bytesOf(dependencies, tenant, raw)) {
      sent += part.length;
      yield lineOf({ type: 'bytes', documentId: document.id, data: part.toString('base64') });
    }
    if (sent === 0) lost.push(document.id);
    bytes += sent;
  }
  yield `${JSON.stringify({ type: 'manifest', documents, bytes, lost, digest: `sha256:${hash.digest('hex')}` } satisfies ExportLine)}\n`;
}

async function* documentsOf({ library }: ExportDependencies, tenant: string): AsyncGenerator<StoredDocument> {
  for (let cursor: string | undefined, isLast = false; !isLast; ) {
    const page = await library.list({ tenant, policies: 'all' }, {}, cursor, documentsPerPage);
    yield* page.documents;
    cursor = page.next ?? undefined;
    isLast = cursor === undefined;
  }
}

/** None where the store has them no longer. What does not match its digest breaks the export. */
async function* bytesOf({ artifacts }: ExportDependencies, tenant: string, artifact: DocumentVersion['artifacts'][number]): AsyncGenerator<Buffer> {
  const stream = await artifacts.openStream(tenant, artifact).catch((error: unknown) => {
    if (error instanceof CatalystError && error.code === 'ARTIFACT_NOT_FOUND') return undefined;
    throw error;
  });
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of (stream ?? []) as AsyncIterable<Buffer>) {
    held.push(chunk);
    size += chunk.length;
    if (size < bytesPerLine) continue;
    const joined = Buffer.concat(held);
    const whole = joined.length - (joined.length % bytesPerLine);
    for (let start = 0; start < whole; start += bytesPerLine) yield joined.subarray(start, start + bytesPerLine);
    held = [joined.subarray(whole)];
    size = joined.length - whole;
  }
  if (size > 0) yield Buffer.concat(held);
}
