import { access } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { DocumentParser } from '../../../src/ports/documentParser.ts';
import { archives, entityBomb, fileEntity, longTexts, slipped, xmlFiles } from './hostileFiles.ts';
import type { HostileFile } from './hostileFiles.ts';

const noHints = { mediaType: undefined, fileName: undefined, url: undefined };
/** Whatever the limit is, it must hold; a short one, since some of these files use it up. */
const limits = { timeoutSeconds: 8, pageTimeoutSeconds: 4, memoryMegabytes: 512 };
/** The guard looks ten times a second, and a thread takes a moment to end. */
const overheadMs = 10_000;
/** What this process may grow by while a thread is allowed its memory: the thread's own, and what was handed to it. */
const mostGrowth = 1_800 * 1024 * 1024;

let parser: DocumentParser;
beforeAll(() => {
  parser = createParserPool({ threads: 1, ...limits });
});
afterAll(() => parser.close());

interface Outcome {
  readonly code: string;
  readonly text: string;
}

async function outcomeOf({ bytes, hints }: HostileFile): Promise<Outcome> {
  try {
    return { code: 'parsed', text: (await parser.parse(bytes, { ...noHints, ...hints })).text };
  } catch (thrown) {
    if (!(thrown instanceof CatalystError)) throw thrown;
    return { code: thrown.code, text: '' };
  }
}

/** Ends as it may, within the limits, and the next document is read as if nothing had been. */
async function expectHarmless(file: HostileFile): Promise<Outcome> {
  const started = performance.now();
  const before = process.memoryUsage().rss;
  const outcome = await outcomeOf(file);
  expect(['parsed', 'CORRUPT_DOCUMENT', 'PARSE_LIMIT_EXCEEDED', 'UNSUPPORTED_TYPE', 'EMPTY_DOCUMENT', 'NO_TEXT_LAYER']).toContain(outcome.code);
  expect(performance.now() - started).toBeLessThan(limits.timeoutSeconds * 1000 + overheadMs);
  expect(process.memoryUsage().rss - before).toBeLessThan(mostGrowth);
  expect(await outcomeOf({ bytes: Buffer.from('# Next\n\nText.\n'), hints: { mediaType: 'text/markdown' } })).toEqual({ code: 'parsed', text: 'Next\n\nText.' });
  return outcome;
}

describe('a file that would grow by entities of its own', () => {
  it.each(Object.entries(xmlFiles(entityBomb, '&e9;')))('%s', async (_name, file) => {
    const { text } = await expectHarmless(file);
    expect(text).not.toContain('aaaaaaaaaa');
  }, 60_000);
});

describe('a file that would read others of the machine', () => {
  it.each(Object.entries(xmlFiles(fileEntity, '&file;')))('%s', async (_name, file) => {
    const { text } = await expectHarmless(file);
    expect(text).not.toContain('root:');
  }, 60_000);
});

describe('an archive', () => {
  it.each(Object.entries(archives()))('%s', async (name, file) => {
    const { code, text } = await expectHarmless(file);
    expect(text).not.toContain('root:');
    await expect(access(slipped)).rejects.toThrow();
    if (name.startsWith('zip')) expect(code).toBe('UNSUPPORTED_TYPE');
    if (/unpacks|overlapping/.test(name)) expect(code).toBe('PARSE_LIMIT_EXCEEDED');
    if (/entries outside|a zip inside/.test(name)) expect(text).toContain('inside');
  }, 60_000);
});

describe('a file that would take for ever', () => {
  it.each(Object.entries(longTexts()))('%s', async (_name, file) => {
    await expectHarmless(file);
  }, 60_000);
});
