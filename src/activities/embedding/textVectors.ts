import { contractFingerprint } from '../../contracts/embedding.ts';
import type { Embedder, OnProcessorTime } from '../../ports/embedder.ts';

/** What the model gives of one text. */
export interface TextVectors {
  readonly dense: Float32Array;
  /** Of its tokens, where they are kept. */
  readonly tokenCodes?: Uint8Array;
}

/** Names what the embedder gives of a text: the vectors of its contract, and the codes where it is to give these too. */
export function vectorsVersion({ contract, tokenVectors }: Pick<Embedder, 'contract' | 'tokenVectors'>): string {
  const fingerprint = contractFingerprint(contract);
  return tokenVectors === undefined ? fingerprint : `${fingerprint} ${tokenVectors.version}`;
}

/** All that the deployment keeps of the texts, at one go. */
export async function embedTexts(embedder: Pick<Embedder, 'embedPassages' | 'tokenVectors'>, texts: readonly string[], onProgress: (done: number) => void, onProcessorTime: OnProcessorTime): Promise<TextVectors[]> {
  const { tokenVectors } = embedder;
  if (tokenVectors === undefined) return (await embedder.embedPassages(texts, onProgress, onProcessorTime)).map((dense) => ({ dense }));
  return (await tokenVectors.embedPassages(texts, onProgress, onProcessorTime)).map(({ vector, tokenCodes }) => ({ dense: vector, tokenCodes }));
}
