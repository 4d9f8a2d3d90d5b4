export { ingestBatch } from './ingestBatch.ts';
export { ingestDocument } from './ingestDocument.ts';
export { ingestSlice } from './ingestSlice.ts';
