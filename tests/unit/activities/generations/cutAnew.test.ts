import { expect, it } from 'vitest';
import { cutAnew } from '../../../../src/activities/generations/cutAnew.ts';
import type { CutDocument } from '../../../../src/activities/generations/cutDocument.ts';
import type { GenerationDependencies } from '../../../../src/activities/generations/dependencies.ts';
import { chunkersOf } from '../../../../src/activities/generations/makes.ts';
import { encodeJson } from '../../../../src/activities/stages/encoding.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { ArtifactReference } from '../../../../src/contracts/artifacts.ts';
import { digestOf } from '../../../../src/contracts/identifiers.ts';
import type { ParsedDocument } from '../../../../src/contracts/parsed.ts';
import { chunkDocument } from '../../../../src/documents/chunk.ts';
import type { ArtifactEntry } from '../../../../src/ports/artifactStore.ts';
import { contract } from '../../../contract/index/indexServer.ts';

const settings = { chunking: { maximumTokens: 448, overlapTokens: 0 }, nextChunking: { maximumTokens: 64, overlapTokens: 0 } };
const tokenizer = { count: (text: string) => text.split(/\s+/).length };
const { next } = chunkersOf({ settings: settings as GenerationDependencies['settings'] });
const recut = { id: '0123456789ab', chunker: next };
const generation = { id: `alias_model_${recut.id}`, state: 'building' as const, contract, recut };
const context = { progress: () => undefined };

function reference(name: string, bytes: Uint8Array): ArtifactReference {
  return { uri: `s3://bucket/${name}`, offset: 0, length: bytes.byteLength, digest: digestOf(bytes), mediaType: 'application/json' };
}

/** A store of parsed texts, and versions as they came. */
function versionsOf(texts: Readonly<Record<string, string>>, lost: readonly string[] = []) {
  const stored = new Map<string, Uint8Array>();
  const puts: ArtifactEntry[] = [];
  const documents = Object.entries(texts).map(([name, text]): CutDocument => {
    const parsed: ParsedDocument = { mediaType: 'text/plain', text, blocks: [{ kind: 'paragraph', start: 0, end: text.length }], lostPages: [], attachments: [] };
    const bytes = encodeJson(parsed);
    if (!lost.includes(name)) stored.set(`s3://bucket/${name}`, bytes);
    const chunks = reference(`chunks of ${name}`, encodeJson(chunkDocument(parsed, { title: '', settings: settings.chunking, tokenizer })));
    const manifest = { documentId: name, versionId: name, sequence: 1, text: reference(name, bytes), specification: {} };
    return { document: { documentId: name, versionId: name, artifacts: { chunks }, recuts: {} }, manifest, recut: null, chunks } as unknown as CutDocument;
  });
  const artifacts = {
    getAll: (_tenant: string, references: readonly ArtifactReference[]) => {
      const missing = references.find(({ uri }) => !stored.has(uri));
      return missing === undefined ? Promise.resolve(references.map(({ uri }) => stored.get(uri))) : Promise.reject(new CatalystError('ARTIFACT_NOT_FOUND', `There is no artifact ${missing.uri}.`));
    },
    putAll: (_tenant: string, _kind: string, entries: readonly ArtifactEntry[]) => {
      puts.push(...entries);
      return Promise.resolve(entries.map(({ bytes }) => reference('cut', bytes)));
    },
  };
  const parts = { artifacts, settings, tokenizer, embedder: { contract }, jobs: {}, emit: () => undefined };
  const dependencies = { ...parts, models: { of: () => ({ contract }), all: [{ contract }] }, embeddings: () => parts } as unknown as GenerationDependencies;
  return { documents, dependencies, puts };
}

const long = Array.from({ length: 30 }, (_, place) => `At stop ${place} the captain writes the weather and the tide into a book.`).join(' ');

it('stores what comes out otherwise alone; what comes out as it came, or has lost its text, is left as it is', async () => {
  const { documents, dependencies, puts } = versionsOf({ long, short: 'A short note.', gone: `${long} And so on.` }, ['gone']);
  const cut = await cutAnew(dependencies, generation, recut, 'acme', documents, context);
  expect([...cut.keys()]).toEqual(['long']);
  expect(cut.get('long')).toMatchObject({ recut: recut.id, chunks: { uri: 's3://bucket/cut' } });
  expect(cut.get('long')?.freshPoints).toBeGreaterThan(4);
  expect(puts).toHaveLength(1);
});

it('throws what may pass, and where the process has another chunker', async () => {
  const { documents, dependencies } = versionsOf({ long });
  const away = { ...dependencies, embeddings: () => ({ ...dependencies.embeddings(dependencies.models.of(contract)), artifacts: { getAll: () => Promise.reject(new CatalystError('ARTIFACT_STORE_UNAVAILABLE', 'The store is away.')) } }) } as unknown as GenerationDependencies;
  await expect(cutAnew(away, generation, recut, 'acme', documents, context)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE' });
  await expect(cutAnew(dependencies, generation, { ...recut, chunker: { ...next, version: 'older' } }, 'acme', documents, context)).rejects.toMatchObject({ code: 'CONFLICT' });
});
