import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { didYouMeanSchema } from '../../../src/contracts/queryAnalysis.ts';
import { createSuggestSpelling } from '../../../src/retrieval/spelling/suggestSpelling.ts';
import { analyse } from '../../../src/retrieval/sparse/analyse.ts';
import { vocabularyWords } from '../../../src/retrieval/vocabulary/words.ts';
import { randomOf, typoOf } from '../../support/typos.ts';
import { newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
let texts: string[];
const nothing: ReadonlySet<string> = new Set();

/** The documents are this project's own pages: real prose with its names and codes. */
beforeAll(async () => {
  server = await startIndexServer();
  index = server.open(newAlias());
  await index.prepare();
  const folders = ['docs', 'docs/guides', 'docs/reference', 'docs/decisions', 'docs/runbooks'];
  const pages = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.md')).map((name) => join(folder, name)));
  const documents = pages.map((page) => ({ page, passages: readFileSync(page, 'utf8').split(/\n\n+/).filter((text) => text.length > 40) }));
  texts = documents.flatMap(({ passages }) => passages);
  await index.upsert(documents.flatMap(({ page, passages }) => version({ tenant: 'prose', name: page, visible: true, texts: passages }).points));
});
afterAll(() => server.stop());

/** Plain words of the pages that are at least `length` letters long. */
function wordsOfPages(length: number): string[] {
  const words = new Set(texts.flatMap(vocabularyWords).filter(({ folded, isName }) => !isName && folded.length >= length && /^[a-z]+$/.test(folded) && analyse(folded).length > 0).map(({ folded }) => folded));
  return [...words].sort();
}

const termOf = (word: string): string | undefined => analyse(word)[0]?.term;

describe('spelling', () => {
  test('200 typos in real words: most are corrected, and no right word is doubted', async () => {
    const suggest = createSuggestSpelling(index, { keptMs: 60_000, most: 4, words: 50_000, patienceMs: 30_000 });
    const random = randomOf(11);
    const words = wordsOfPages(5);
    const held = new Set(words.map(termOf));
    let corrected = 0;
    let silent = 0;
    let other = 0;
    for (let made = 0; made < 200; ) {
      const word = words[Math.floor(random() * words.length)] ?? '';
      const typo = typoOf(word, random);
      // A typo that is another word of the pages is no misspelling that could be seen.
      if (typo.length < 4 || held.has(termOf(typo))) continue;
      made += 1;
      const answer = await suggest(principal('prose'), `find ${typo} now`, nothing);
      const to = answer?.corrections.find(({ from }) => from === typo)?.to;
      if (to === undefined) silent += 1;
      else if (termOf(to) === termOf(word)) corrected += 1;
      else other += 1;
    }
    const doubted: string[] = [];
    for (const word of words) {
      const answer = await suggest(principal('prose'), word, nothing);
      if (answer !== null) doubted.push(word);
    }
    console.log(`typos of ${words.length} words: ${corrected} corrected, ${other} taken for another word, ${silent} without an offer; right words doubted: ${doubted.length}`);
    expect(doubted).toEqual([]);
    expect(corrected).toBeGreaterThanOrEqual(150);
  }, 120_000);

  test('two edits are mended in long words; codes, numbers, names and other scripts are left alone', async () => {
    const suggest = createSuggestSpelling(index, { keptMs: 60_000, most: 4, words: 50_000, patienceMs: 30_000 });
    const offer = async (query: string): Promise<string | undefined> => {
      const answer = await suggest(principal('prose'), query, nothing);
      return answer === null ? undefined : didYouMeanSchema.parse(answer).query;
    };
    expect(await offer('how are Dcouments delted?')).toBe('how are Documents deleted?');
    expect(await offer('embddding contarct')).toBe('embedding contract');
    expect(await offer('genretaion of the index')).toBe('generation of the index');
    for (const query of ['E11.99', 'ERR_XYZW1', 'QDRNT', '202611', 'getDocumnet', 'docuemnt-ids', '文書検索', 'the of', 'xqzvkjw']) expect(await offer(query), query).toBeUndefined();
  });

  test('words that found passages hold are not looked up at all', async () => {
    let asked = 0;
    const suggest = createSuggestSpelling({ ...index, holdTerms: (...call) => ((asked += 1), index.holdTerms(...call)), listWords: (...call) => ((asked += 1), index.listWords(...call)) });
    expect(await suggest(principal('prose'), 'deleting documents', new Set(analyse('deleting documents').map(({ term }) => term)))).toBeNull();
    expect(asked).toBe(0);
  });

  test('nobody is offered a word of another tenant, of a label not held, or of what was deleted', async () => {
    const written = [version({ tenant: 'mine', name: 'open', visible: true, texts: ['Rhododendron.'] }), version({ tenant: 'mine', name: 'closed', visible: true, texts: ['Chrysanthemum.'], payload: { policies: ['garden'] } })];
    await index.upsert(written.flatMap(({ points }) => points));
    const suggest = createSuggestSpelling(index, { keptMs: 60_000, most: 4, words: 50_000, patienceMs: 30_000 });
    const to = async (reader: ReturnType<typeof principal>, query: string): Promise<string | undefined> => (await suggest(reader, query, nothing))?.query;
    expect(await to(principal('mine'), 'rhododendrun')).toBe('rhododendron');
    expect(await to(principal('mine'), 'chrysantemum')).toBeUndefined();
    expect(await to(principal('mine', ['garden']), 'chrysantemum')).toBe('chrysanthemum');
    expect(await to(principal('prose', ['garden']), 'rhododendrun')).toBeUndefined();
    await index.deleteDocuments('mine', written.map(({ documentId }) => ({ documentId, sequence: 1 })));
    // The words are still in memory; the index is asked before one is offered.
    expect(await to(principal('mine'), 'rhododendrun')).toBeUndefined();
    expect(await to(principal('mine', ['garden']), 'chrysantemum')).toBeUndefined();
  });
});
