import { describe, expect, it } from 'vitest';
import { blocksOf, parseText } from './parsing.ts';

const markdown = (source: string) => parseText(source, 'text/markdown');

describe('Markdown', () => {
  it('becomes blocks, with the texts of links and pictures', async () => {
    const parsed = await markdown('# Title\n\nSee [the *guide*](http://x.org) and ![a chart](c.png)\nhere.\n\n- one\n  - two\n- [x] done\n\n3. three\n\n> quoted\n> on\n\n```ts\nconst a = 1;\n\n\tb();\n```\n\n| a | b |\n|---|---|\n| 1 | `x\\|y` |\n\nNote[^1].\n\n[^1]: The note.\n');
    expect(blocksOf(parsed)).toEqual([
      ['heading1', 'Title'],
      ['paragraph', 'See the guide and a chart here.'],
      ['list', '- one\n  - two\n- [x] done'],
      ['list', '3. three'],
      ['quote', 'quoted on'],
      ['code', 'const a = 1;\n\n\tb();'],
      ['table', '| a | b |\n| --- | --- |\n| 1 | x\\|y |'],
      ['paragraph', 'Note [1].'],
      ['paragraph', '[1] The note.'],
    ]);
    expect(parsed.title).toBe('Title');
  });

  it('takes title and language from front matter', async () => {
    expect(await markdown('---\ntitle: "A: guide"\nlang: en-GB\ntags: [x]\n---\n\nText.\n')).toMatchObject({ title: 'A: guide', language: 'en-GB', text: 'Text.' });
    expect(await markdown('+++\ntitle = "T"\n+++\nText.\n')).toMatchObject({ title: 'T', text: 'Text.' });
    expect((await markdown('---\n\nOnly a rule above.\n\n---\n\nMore.\n')).text).toBe('Only a rule above.\n\nMore.');
  });

  it('keeps code within lists whole, and HTML as what it says', async () => {
    expect(blocksOf(await markdown('1. Install:\n\n   ```\n   npm ci\n   ```\n\n2. Run.\n\n<p align="center">Centred <b>text</b></p>\n'))).toEqual([
      ['list', '1. Install:'], ['code', 'npm ci'], ['list', '2. Run.'], ['paragraph', 'Centred text'],
    ]);
  });

  it('survives deep nesting', async () => {
    expect((await markdown(`${'> '.repeat(20_000)}deep`)).text).toBe('deep');
    expect((await markdown(`${'- '.repeat(5000)}deep`)).text).toContain('deep');
    expect((await markdown(Array.from({ length: 300 }, (_, index) => `${'  '.repeat(index)}- x${index}`).join('\n'))).text).toContain('x299');
  }, 60_000);
});

describe('plain text', () => {
  it('has paragraphs between empty lines, joins wrapped lines and keeps lists', async () => {
    const wrapped = 'This line was wrapped at a certain width by some editor\nand goes on here until it ends.';
    expect(blocksOf(await parseText(`${wrapped}\n\nRoses are red\nViolets are blue\n\n- one\n- two\n`, 'text/plain'))).toEqual([
      ['paragraph', wrapped.replace('\n', ' ')],
      ['paragraph', 'Roses are red\nViolets are blue'],
      ['list', '- one\n- two'],
    ]);
  });

  it('cuts a file without empty lines into blocks between lines', async () => {
    const parsed = await parseText('a line of a log that says little\n'.repeat(5000), 'text/plain');
    expect(parsed.blocks.length).toBeGreaterThan(5);
    for (const [, text] of blocksOf(parsed)) expect(text).toMatch(/^a line.*little$/s);
  });
});
