/** Loaded by `node --import` before the API: exchanges the passage that CATALYST_TEST_MUTATION names. For the attack suite alone. */
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutation } from './mutations.ts';

const { file, from, to } = JSON.parse(process.env['CATALYST_TEST_MUTATION'] ?? '{}') as Mutation;
const target = new URL(file, pathToFileURL(`${fileURLToPath(new URL('../../../', import.meta.url))}`)).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    if (!source.includes(from)) throw new Error(`The mutation of ${file} finds nothing to exchange: ${from}`);
    return { ...loaded, source: source.replace(from, to) };
  },
});
