import { describe, expect, it } from 'vitest';
import { parseKey } from '../../../../src/activities/stages/parseDocuments.ts';
import { versionDigestOf } from '../../../../src/activities/stages/pipeline.ts';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';
import { loadConfig } from '../../../../src/config/load.ts';
import type { DocumentSpecification } from '../../../../src/contracts/specification.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;
const document = { raw: { uri: 's3://bucket/a', offset: 0, length: 1, digest, mediaType: 'application/pdf' }, mediaType: 'application/pdf', fileName: 'scan.PDF' };

const environment = {
  DATABASE_URL: 'postgres://catalyst:secret@127.0.0.1:7403/catalyst', S3_ENDPOINT: 'http://127.0.0.1:7404', S3_BUCKET: 'catalyst', S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret',
  QDRANT_URL: 'http://127.0.0.1:7405', TEMPORAL_ADDRESS: '127.0.0.1:7401', CATALYST_AUTH_SECRET: 'a development secret of at least 32 characters', CATALYST_PRINCIPAL_KEYS: `test:${'A'.repeat(44)}`, CATALYST_EMBEDDING_MODEL_DIR: '/models/bge',
};

describe('settings of text recognition', () => {
  it('make parsed texts and versions others', () => {
    const { ingestion } = loadConfig(environment);
    const embedder = createStubEmbedder({ dimension: 8 });
    const specification = { sourceKey: 'a' } as DocumentSpecification;
    const version = (settings: string | undefined) => versionDigestOf({ embedder, settings: ingestion, parser: { settings, places: 1, parse: () => Promise.reject(new Error('not asked')), close: () => Promise.resolve() } }, specification, digest, 'application/pdf', {});
    expect(parseKey(undefined, document)).toBe(parseKey(undefined, { ...document, fileName: 'other.pdf' }));
    expect(new Set([undefined, 'tesseract 5 eng', 'tesseract 5 eng+deu'].map((settings) => parseKey(settings, document))).size).toBe(3);
    expect(new Set([undefined, 'tesseract 5 eng', 'tesseract 5 eng+deu'].map(version)).size).toBe(3);
  });

  it('are off by default, and read from the environment', () => {
    expect(loadConfig(environment).recognition).toBeUndefined();
    expect(loadConfig({ ...environment, CATALYST_OCR: 'tesseract', CATALYST_OCR_LANGUAGES: 'deu+eng', CATALYST_OCR_PAGES: '7' }).recognition).toEqual({ program: 'tesseract', languages: 'deu+eng', mostPages: 7, pageTimeoutSeconds: 30 });
    expect(() => loadConfig({ ...environment, CATALYST_OCR: 'tesseract', CATALYST_OCR_LANGUAGES: 'eng --psm 0' })).toThrow('CATALYST_OCR_LANGUAGES');
  });
});
