import { describe, expect, it } from 'vitest';
import { membersOf } from '../../../src/documents/json/members.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const parse = (source: string, fileName = 'a.json') => parseDocument(Buffer.from(source), { ...noHints, fileName });
const blocks = async (value: unknown): Promise<[string, string][]> => blocksOf(await parse(typeof value === 'string' ? value : JSON.stringify(value)));

describe('JSON', () => {
  it('becomes lines of paths and values', async () => {
    expect(await blocks({ id: 7, open: true, none: null, empty: {}, address: { city: 'Berlin', geo: { lat: 52.5 } }, tags: ['a', 'b'], rooms: [{ beds: [1, 2] }, 'cellar'] })).toEqual([
      ['paragraph', 'id: 7\nopen: true\naddress.city: Berlin\naddress.geo.lat: 52.5\ntags: a, b'],
      ['heading1', 'rooms'], ['paragraph', 'beds: 1, 2'], ['paragraph', 'cellar'],
    ]);
  });

  it('makes tables of lists of flat records, sections of large objects, headings of titles', async () => {
    const large = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key${index}`, index]));
    expect(await blocks({ name: 'The file', people: [{ name: 'Ann', age: 3 }, { name: 'Bob', age: 4, towns: ['Ulm', 'Bonn'] }], settings: large, parts: [{ title: 'Wheel', size: { width: 1 } }] })).toEqual([
      ['paragraph', 'name: The file'],
      ['heading1', 'people'], ['table', '| name | age | towns |\n| --- | --- | --- |\n| Ann | 3 | |\n| Bob | 4 | Ulm, Bonn |'],
      ['heading1', 'settings'], ['paragraph', Object.entries(large).map(([key, value]) => `${key}: ${value}`).join('\n')],
      ['heading1', 'parts'], ['heading2', 'Wheel'], ['paragraph', 'title: Wheel\nsize.width: 1'],
    ]);
    expect((await parse('{"title": "A file"}')).title).toBe('A file');
  });

  it('keeps numbers as they are written', async () => {
    expect(await blocks('{"id": 12345678901234567890, "text": "12345678901234567890, \\"1\\"", "pi": 3.14159265358979323846}')).toEqual([
      ['paragraph', 'id: 12345678901234567890\ntext: 12345678901234567890, "1"\npi: 3.14159265358979323846'],
    ]);
  });

  it('may be nested without end', async () => {
    expect(await blocks(`${'{"a":'.repeat(20_000)}"found"${'}'.repeat(20_000)}`)).toEqual([['paragraph', 'a.a.….a.a.a: found']]);
    const [[kind, text] = []] = await blocks(`${'['.repeat(20_000)}"found"${']'.repeat(20_000)}`);
    expect(kind).toBe('paragraph');
    expect(text).toMatch(/^(?:\[1\]){1,30}: found$/);
  });

  it('is read piece by piece when it is large, with the same result', async () => {
    const people = Array.from({ length: 40_000 }, (_, index) => ({ id: index, name: `Person ${index}`, motto: 'Live and let live, as they say. '.repeat(7) }));
    const parsed = await parse(JSON.stringify({ note: 'first', people }));
    expect(parsed.text.startsWith('note\n\nfirst\n\npeople\n\n| id | name | motto |\n| --- | --- | --- |\n| 0 | Person 0 |')).toBe(true);
    expect(parsed.text.match(/^\| \d+ \| Person/gm)).toHaveLength(40_000);
  }, 60_000);

  it('is refused when it is broken or holds nothing', async () => {
    const { code, message } = await failureOf(Buffer.from('{"a": 1'), { fileName: 'a.json' });
    expect([code, message]).toEqual(['CORRUPT_DOCUMENT', 'The file is no valid JSON: something is wrong at character 8.']);
    expect((await failureOf(Buffer.from('[{}, null, ""]'), { fileName: 'a.json' })).code).toBe('EMPTY_DOCUMENT');
    const large = `{"a": "${'x'.repeat(9 * 1024 * 1024)}"`;
    for (const source of [large, `${large}}}`, `${large},}`, `${large} "b": 1}`, `${large}, "b" 1}`]) expect((await failureOf(Buffer.from(source), { fileName: 'a.json' })).code, source.slice(-10)).toBe('CORRUPT_DOCUMENT');
  });

  it('gives the places of members as they are', () => {
    const source = ' {"a\\"]": [1, "}"] , "b":{"c":"\\\\"},"d":-1e5}';
    expect([...membersOf(source, 1)].map(({ key, start, end }) => [key, source.slice(start, end)])).toEqual([['a"]', '[1, "}"]'], ['b', '{"c":"\\\\"}'], ['d', '-1e5']]);
  });
});

describe('JSON Lines', () => {
  it('are one record a block, under its title; a broken line is named', async () => {
    const parsed = await parse('{"title": "First", "body": "Hello"}\n\n{"title": "Sec\n{"id": 3, "at": {"x": 1}}\n', 'a.jsonl');
    expect(blocksOf(parsed)).toEqual([['heading1', 'First'], ['paragraph', 'title: First\nbody: Hello'], ['paragraph', 'id: 3\nat.x: 1']]);
    expect(parsed.lostPages).toMatchObject([{ page: 3, failure: { code: 'CORRUPT_DOCUMENT', message: 'Line 3 is no valid JSON and was left out.' } }]);
  });

  it('are refused when none, or too many, can be read', async () => {
    expect((await failureOf(Buffer.from('nothing\nof this'), { fileName: 'a.jsonl' })).code).toBe('CORRUPT_DOCUMENT');
    expect((await failureOf(Buffer.from(`{"a":1}\n${'{\n'.repeat(101)}`), { fileName: 'a.jsonl' })).code).toBe('CORRUPT_DOCUMENT');
  });
});
