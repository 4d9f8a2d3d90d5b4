import type { ChunkingSettings } from '../contracts/chunks.ts';
import type { EventSink } from '../contracts/events.ts';
import type { ArtifactStore } from '../ports/artifactStore.ts';
import type { DocumentParser } from '../ports/documentParser.ts';
import type { DocumentRegistry } from '../ports/documentRegistry.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { JobRegistry } from '../ports/jobRegistry.ts';
import type { SourceReader } from '../ports/sourceReader.ts';
import type { StageOutputs } from '../ports/stageOutputs.ts';
import type { Tokenizer } from '../ports/tokenizer.ts';
import type { VectorIndex } from '../ports/vectorIndex.ts';

export interface IngestionSettings {
  readonly maximumDocumentBytes: number;
  readonly chunking: ChunkingSettings;
  readonly sliceDocuments: number;
  readonly sliceBytes: number;
}

/** Everything that activities need from outside; the worker's composition root fills it in. */
export interface ActivityDependencies {
  readonly jobs: JobRegistry;
  readonly documents: DocumentRegistry;
  readonly stageOutputs: StageOutputs;
  readonly artifacts: ArtifactStore;
  readonly sources: SourceReader;
  readonly parser: DocumentParser;
  readonly tokenizer: Tokenizer;
  readonly embedder: Embedder;
  readonly index: VectorIndex;
  readonly emit: EventSink;
  readonly settings: IngestionSettings;
}
