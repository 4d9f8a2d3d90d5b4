/** The least that a development start needs to be told. */
export const completeEnvironment = {
  DATABASE_URL: 'postgres://catalyst:secret@127.0.0.1:7403/catalyst',
  S3_ENDPOINT: 'http://127.0.0.1:7404',
  S3_BUCKET: 'catalyst',
  S3_ACCESS_KEY_ID: 'key',
  S3_SECRET_ACCESS_KEY: 'secret',
  QDRANT_URL: 'http://127.0.0.1:7405',
  TEMPORAL_ADDRESS: '127.0.0.1:7401',
  CATALYST_AUTH_SECRET: 'a development secret of at least 32 characters',
  CATALYST_PRINCIPAL_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  CATALYST_EMBEDDING_MODEL_DIR: '/models/bge',
};
