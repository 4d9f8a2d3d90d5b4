import { startTestStack } from '../../../infra/local/testStack.ts';

/** The folder of the embedding model: CATALYST_EMBEDDING_MODEL_DIR, or what the local stack has cached or now fetches. */
export async function modelDirectory(): Promise<string> {
  const stack = await startTestStack({ services: ['model'] });
  const folder = stack.environment['CATALYST_EMBEDDING_MODEL_DIR'];
  await stack.stop();
  if (folder === undefined) throw new Error('The local stack names no embedding model.');
  return folder;
}
