export { deleteDocuments } from './deleteDocuments.ts';
export { ingestBatch } from './ingestBatch.ts';
export { ingestDocument } from './ingestDocument.ts';
export { ingestSlice } from './ingestSlice.ts';
export { runSource } from './runSource.ts';
export { sweepArtifacts } from './sweepArtifacts.ts';
export { sweepTenants } from './sweepTenants.ts';
