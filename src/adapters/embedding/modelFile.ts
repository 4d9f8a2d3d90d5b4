import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CatalystError } from '../../contracts/errors.ts';
import { forSingleTexts } from './singleTextModel.ts';

export interface ModelFile {
  /** As it is to be run: changed for single texts, or as it is where its graph is another. */
  readonly bytes: Uint8Array;
  /** Names the file (16 hexadecimal digits of its SHA-256) and the change: vectors of two revisions are not mixed. */
  readonly revision: string;
  /** It gives out the vectors of the tokens too. */
  readonly hasTokens: boolean;
}

/** Throws EMBEDDER_UNAVAILABLE where `model.onnx` cannot be read, or is no ONNX model. */
export async function readModelFile(modelDirectory: string): Promise<ModelFile> {
  const path = join(modelDirectory, 'model.onnx');
  try {
    const original = await readFile(path);
    const digest = createHash('sha256').update(original).digest('hex').slice(0, 16);
    const changed = forSingleTexts(original);
    return changed === undefined ? { bytes: original, revision: digest, hasTokens: false } : { bytes: changed, revision: `${digest}-single1`, hasTokens: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CatalystError('EMBEDDER_UNAVAILABLE', `The embedding model cannot be read from ${path}: ${reason}`, { cause: error });
  }
}
