import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installModel, modelFiles, modelName, verifyModel } from '../install/modelInstall.ts';
import { cachedFolder, type InstallWatch } from '../install/toolCache.ts';
import { LocalStackError } from '../localStackError.ts';
import type { Environment } from '../processEnvironment.ts';
import type { LocalSettings } from '../settings.ts';
import type { Choice, Dependency, StackContext } from './dependency.ts';

export const model: Dependency = {
  name: 'model',
  title: 'Embedding model',
  installing: `fetching the embedding model ${modelName}, 34 MB, once (15 to 60 s)`,

  find(settings: LocalSettings): Promise<Choice | undefined> {
    const given = settings.environment['CATALYST_EMBEDDING_MODEL_DIR'];
    if (given !== undefined) return Promise.resolve({ origin: 'address', location: given });
    if (settings.environment['CATALYST_EMBEDDING_PROVIDER'] === 'openai') {
      const endpoint = settings.environment['CATALYST_EMBEDDING_BASE_URL'] ?? 'CATALYST_EMBEDDING_BASE_URL is not set';
      return Promise.resolve({ origin: 'address', location: endpoint });
    }
    const folder = cachedFolder(settings.cacheDirectory, join('models', modelName));
    return Promise.resolve(folder === undefined ? undefined : { origin: 'cache', location: folder, version: modelName });
  },

  async install(settings: LocalSettings, watch: InstallWatch): Promise<Choice> {
    return { origin: 'build', location: await installModel(settings, watch), version: modelName };
  },

  ports: () => [],

  plan: () => Promise.resolve(undefined),

  environment: (_context: StackContext, choice: Choice): Record<string, string> =>
    choice.origin === 'address' ? {} : { CATALYST_EMBEDDING_PROVIDER: 'onnx', CATALYST_EMBEDDING_MODEL_DIR: choice.location },

  async ask(environment: Environment): Promise<string> {
    const folder = environment['CATALYST_EMBEDDING_MODEL_DIR'];
    if (folder === undefined) return 'an endpoint of your own; the API checks it when it starts';
    const missing = modelFiles.filter((file) => !existsSync(join(folder, file.name)));
    if (missing.length > 0) {
      throw new LocalStackError(`${missing.map((file) => file.name).join(' and ')} missing in ${folder}.`, 'remove that folder and start again.');
    }
    return (await verifyModel(folder)) ? 'SHA-256 as pinned' : 'another model than the pinned one';
  },
};
