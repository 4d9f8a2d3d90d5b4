import { CatalystError } from '../../contracts/errors.ts';
import type { FieldProblem } from '../../contracts/errors.ts';
import { digestOf, documentIdOf } from '../../contracts/identifiers.ts';
import type { StoredUpload } from '../../ports/uploadRegistry.ts';
import { mapConcurrently } from '../mapConcurrently.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Candidate, CheckedDocument, Refusal } from './candidate.ts';
import { canonicalUrl, urlObjection } from './urlRules.ts';

export type SourceDependencies = Pick<ApiDependencies, 'uploads' | 'artifacts' | 'limits' | 'allowPrivateAddresses' | 'tenantStandings'>;

const artifactLookups = 16;

/** S3 has no longer keys, and a store that is asked for one may answer as if it were broken. */
const longestKeyBytes = 1024;

/** Whether each source is there and may be used; uploads are looked up at once, artifacts each. Throws the stores' outages. */
export async function checkSources(dependencies: SourceDependencies, tenant: string, candidates: readonly Candidate[]): Promise<(CheckedDocument | Refusal)[]> {
  const uploadIds = new Set(candidates.flatMap((candidate) => (candidate.type === 'upload' ? [candidate.request.uploadId.toLowerCase()] : [])));
  const artifactUris = new Set(candidates.flatMap((candidate) => (candidate.type === 'artifact' ? [candidate.request.artifactUri] : [])));
  const [uploads, artifacts] = await Promise.all([
    uploadIds.size === 0 ? [] : dependencies.uploads.find(tenant, [...uploadIds]),
    mapConcurrently([...artifactUris], artifactLookups, (uri) => describeArtifact(dependencies, tenant, uri)),
  ]);
  const known: KnownSources = { uploads: new Map(uploads.map((upload) => [upload.id, upload])), artifacts: new Map([...artifactUris].map((uri, place) => [uri, artifacts[place]])) };
  return candidates.map((candidate) => checkSource(dependencies, tenant, candidate, known));
}

interface KnownSources {
  readonly uploads: ReadonlyMap<string, StoredUpload>;
  /** Bytes, or why the artifact cannot be used. */
  readonly artifacts: ReadonlyMap<string, number | CatalystError | undefined>;
}

async function describeArtifact(dependencies: SourceDependencies, tenant: string, uri: string): Promise<number | CatalystError> {
  const key = uri.split('/').slice(3).join('/');
  if (Buffer.byteLength(key) > longestKeyBytes) return new CatalystError('ARTIFACT_NOT_FOUND', `The key of the address is longer than ${longestKeyBytes} bytes; there is no such artifact.`);
  try {
    return (await dependencies.artifacts.describe(tenant, uri)).bytes;
  } catch (error) {
    if (error instanceof CatalystError && error.code === 'ARTIFACT_NOT_FOUND') return error;
    throw error;
  }
}

function checkSource(dependencies: SourceDependencies, tenant: string, candidate: Candidate, known: KnownSources): CheckedDocument | Refusal {
  const { index, type } = candidate;
  const refuse = (field: string, code: string, detail: string): Refusal => ({ index, problems: [{ pointer: `/documents/${index}/${field}`, code, detail }] });
  const named = (sourceKey: string) => {
    const key = candidate.request.id === undefined ? sourceKey : `id:${candidate.request.id}`;
    return { sourceKey: key, documentId: documentIdOf(tenant, key) };
  };
  switch (type) {
    case 'text': {
      if (candidate.request.text.trim() === '') return refuse('text', 'EMPTY_DOCUMENT', 'The text is empty.');
      const content = Buffer.from(candidate.request.text, 'utf8');
      const problem = sizeProblem(content.length, dependencies.limits.maximumDocumentBytes);
      if (problem !== undefined) return refuse('text', problem.code, problem.detail);
      const digest = digestOf(content);
      return { ...candidate, content, digest, ...named(`text:${digest}`) };
    }
    case 'url': {
      const objection = urlObjection(candidate.request.url, dependencies.allowPrivateAddresses);
      if (objection !== undefined) return refuse('url', 'URL_FORBIDDEN', objection);
      const url = canonicalUrl(candidate.request.url);
      return { ...candidate, url, ...named(`url:${url}`) };
    }
    case 'upload': {
      const upload = known.uploads.get(candidate.request.uploadId.toLowerCase());
      if (upload === undefined) return refuse('uploadId', 'UPLOAD_NOT_FOUND', 'There is no upload of this id.');
      const problem = sizeProblem(upload.bytes, dependencies.limits.maximumDocumentBytes);
      if (problem !== undefined) return refuse('uploadId', problem.code, problem.detail);
      return { ...candidate, upload, ...named(`upload:${upload.digest}`) };
    }
    case 'artifact': {
      const artifact = known.artifacts.get(candidate.request.artifactUri);
      if (typeof artifact !== 'number') return refuse('artifactUri', 'ARTIFACT_NOT_FOUND', artifact?.message ?? 'There is no such artifact.');
      const problem = sizeProblem(artifact, dependencies.limits.maximumDocumentBytes);
      if (problem !== undefined) return refuse('artifactUri', problem.code, problem.detail);
      return { ...candidate, bytes: artifact, ...named(`artifact:${candidate.request.artifactUri}`) };
    }
  }
}

function sizeProblem(bytes: number, maximumBytes: number): Pick<FieldProblem, 'code' | 'detail'> | undefined {
  if (bytes === 0) return { code: 'EMPTY_DOCUMENT', detail: 'The document has no bytes.' };
  if (bytes > maximumBytes) return { code: 'DOCUMENT_TOO_LARGE', detail: `The document has ${bytes} bytes; the limit is ${maximumBytes}.` };
  return undefined;
}
