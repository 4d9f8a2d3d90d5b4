import { describe, expect, it } from 'vitest';
import { isOpenTo } from '../../../src/config/importBuckets.ts';
import { loadConfig } from '../../../src/config/load.ts';

const development = {
  DATABASE_URL: 'postgres://catalyst:secret@127.0.0.1:7403/catalyst',
  S3_ENDPOINT: 'http://127.0.0.1:7404',
  S3_BUCKET: 'catalyst',
  S3_ACCESS_KEY_ID: 'key',
  S3_SECRET_ACCESS_KEY: 'the-secret-of-artifacts',
  QDRANT_URL: 'http://127.0.0.1:7405',
  TEMPORAL_ADDRESS: '127.0.0.1:7401',
  CATALYST_AUTH_SECRET: 'a development secret of at least 32 characters', CATALYST_PRINCIPAL_KEYS: `test:${'A'.repeat(44)}`,
  CATALYST_EMBEDDING_MODEL_DIR: '/models/bge',
};
const importing = (environment: Record<string, string> = {}) => loadConfig({ ...development, ...environment }).importing;

describe('buckets to import from', () => {
  it('are open to nobody unless it is said', () => {
    const { buckets } = importing();
    expect(buckets).toEqual({});
    expect(isOpenTo(buckets, 'acme', 'catalyst')).toBe(false);
    expect(isOpenTo(buckets, 'constructor', 'name')).toBe(false);
  });

  it('are opened to one tenant, or to all', () => {
    const { buckets } = importing({ CATALYST_IMPORT_BUCKETS: ' acme=papers, reports ;acme=more.papers; *=public-bucket;' });
    expect(buckets).toEqual({ acme: ['papers', 'reports', 'more.papers'], '*': ['public-bucket'] });
    expect([isOpenTo(buckets, 'acme', 'reports'), isOpenTo(buckets, 'acme', 'public-bucket'), isOpenTo(buckets, 'other', 'public-bucket')]).toEqual([true, true, true]);
    expect([isOpenTo(buckets, 'other', 'reports'), isOpenTo(buckets, '*', 'reports')]).toEqual([false, false]);
  });

  it.each(['acme', 'acme=', 'ACME=papers', 'acme=PAPERS', 'acme=a/b', '=papers', 'acme==papers', 'acme=papers;nonsense'])('%j is refused, with what is wrong', (text) => {
    expect(() => importing({ CATALYST_IMPORT_BUCKETS: text })).toThrow(/CATALYST_IMPORT_BUCKETS holds ".*", which is not TENANT=BUCKET,BUCKET/);
  });

  it('never are the artifact bucket', () => {
    expect(() => importing({ CATALYST_IMPORT_BUCKETS: 'acme=papers;*=catalyst' })).toThrow(/names the artifact bucket/);
  });

  it('lie at the store of the artifacts, or at another with keys of its own', () => {
    expect(importing()).toMatchObject({ endpoint: 'http://127.0.0.1:7404', accessKeyId: 'key', artifactBucket: 'catalyst' });
    const own = { CATALYST_IMPORT_S3_ENDPOINT: 'https://s3.example', CATALYST_IMPORT_S3_ACCESS_KEY_ID: 'theirs', CATALYST_IMPORT_S3_SECRET_ACCESS_KEY: 'their-secret' };
    expect(importing(own)).toMatchObject({ endpoint: 'https://s3.example', accessKeyId: 'theirs', secretAccessKey: 'their-secret' });
    const { CATALYST_IMPORT_S3_SECRET_ACCESS_KEY: _secret, ...half } = own;
    expect(() => importing(half)).toThrow(/are not both set/);
    expect(() => importing({ CATALYST_IMPORT_S3_ENDPOINT: 'https://s3.example' })).toThrow(/never sent to another endpoint/);
  });
});
