import { describe, expect, it } from 'vitest';
import { blocksOf, parseText } from './parsing.ts';

const html = async (body: string, head = ''): Promise<[string, string][]> => blocksOf(await parseText(`<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`, 'text/html'));
const long = (subject: string): string => `<p>${`${subject} is described here at some length, so that it is plainly content. `.repeat(6)}</p>`;

describe('HTML', () => {
  it('becomes headings, paragraphs, lists, quotes and code', async () => {
    expect(await html(`<h1>Title<a href="#t">¶</a></h1><p>One <b>bold</b>\n  word<br>next</p><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol start="3"><li>x</li></ol>
      <blockquote><p>said</p></blockquote><pre>  if (x) {\n    y();\n  }</pre><dl><dt>term</dt><dd>meaning</dd></dl>`)).toEqual([
      ['heading1', 'Title'],
      ['paragraph', 'One bold word\nnext'],
      ['list', '- a\n  - b\n- c'],
      ['list', '3. x'],
      ['quote', 'said'],
      ['code', '  if (x) {\n    y();\n  }'],
      ['list', '- term\n  meaning'],
    ]);
  });

  it('leaves out what a reader does not see', async () => {
    const text = JSON.stringify(await html('<nav>Menu</nav><script>var a</script><style>p{}</style><p hidden>h1</p><p style="display: none">h2</p><div aria-hidden="true">h3</div><template><p>h4</p></template><p>seen</p>'));
    expect(text).toBe('[["paragraph","seen"]]');
  });

  it('takes title and language from the head, without the name of the site', async () => {
    const page = (head: string, body: string) => parseText(`<!doctype html><html lang="de-AT"><head>${head}</head><body>${body}</body></html>`, 'text/html');
    expect(await page('<title>Widgets &amp; more | Example</title>', '<h1>Widgets &amp; more</h1><p>x')).toMatchObject({ title: 'Widgets & more', language: 'de-AT' });
    expect((await page('<title>Site</title><meta property="og:title" content="Shared title">', '<p>x')).title).toBe('Shared title');
    expect((await page('', '<h1>Only heading</h1><p>x')).title).toBe('Only heading');
  });

  it('keeps the article and drops the furniture around it', async () => {
    const links = Array.from({ length: 30 }, (_, index) => `<li><a href="/${index}">Elsewhere ${index}</a></li>`).join('');
    const blocks = await html(`<div class="sidebar menu"><ul>${links}</ul></div><article><h2>First part</h2>${long('The first')}<h2>Second part</h2>${long('The second')}<table><tr><th>Name</th><th>Size</th></tr><tr><td>a</td><td>1</td></tr></table></article><footer class="footer"><a href="/x">Imprint</a></footer>`);
    const kinds = blocks.map(([kind]) => kind);
    expect(kinds).toEqual(['heading2', 'paragraph', 'heading2', 'paragraph', 'table']);
    expect(JSON.stringify(blocks)).not.toContain('Elsewhere');
  });

  it('keeps a page of many short parts whole, which looks like no article', async () => {
    const parts = Array.from({ length: 20 }, (_, index) => `<div><h3>Entry ${index}</h3><p>Short ${index}</p></div>`).join('');
    const blocks = await html(parts);
    expect(blocks.filter(([kind]) => kind === 'heading3')).toHaveLength(20);
    expect(blocks.at(-1)).toEqual(['paragraph', 'Short 19']);
  });

  it('takes bold lines for headings only where a page has no headings', async () => {
    expect((await html(`<p style="font-weight:bold">ITEM 1. BUSINESS</p><p>Plain <b>and bold</b>.</p><div><b>Products and services</b></div><p>Text.</p>`)).map(([kind]) => kind)).toEqual(['heading2', 'paragraph', 'heading3', 'paragraph']);
    expect((await html(`<h1>Real</h1><p><b>Only loud</b></p>`)).map(([kind]) => kind)).toEqual(['heading1', 'paragraph']);
  });

  it('reads XHTML, where elements end themselves', async () => {
    const parsed = await parseText('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title><script src="a.js"/></head><body><div id="a"/><p>seen</p></body></html>');
    expect(blocksOf(parsed)).toEqual([['paragraph', 'seen']]);
  });

  it('survives pages nested far deeper than the call stack', async () => {
    for (const tag of ['div', 'b', 'ul', 'blockquote', 'table']) {
      const opening = { ul: '<ul><li>', table: '<table><tr><td>' }[tag] ?? `<${tag}>`;
      const parsed = await parseText(`<html><body>${opening.repeat(20_000)}deep text`, 'text/html');
      expect(parsed.text).toContain('deep text');
    }
  }, 60_000);
});

describe('tables', () => {
  const table = async (rows: string): Promise<[string, string][]> => html(`<table>${rows}</table>`);

  it('become pipe tables, with cells over rows repeated and headers over columns spread', async () => {
    expect(await table('<caption>Sales</caption><thead><tr><th rowspan=2>Region</th><th colspan=2>Year</th></tr><tr><th>2022</th><th>2023</th></tr></thead><tr><td rowspan=2>North</td><td>1</td><td>a|b</td></tr><tr><td>2</td><td>3</td></tr>')).toEqual([
      ['paragraph', 'Sales'],
      ['table', '| Region | Year / 2022 | Year / 2023 |\n| --- | --- | --- |\n| North | 1 | a\\|b |\n| North | 2 | 3 |'],
    ]);
  });

  it('put currency signs, brackets and headers beside their figures', async () => {
    expect(await table('<tr><td></td><td colspan=2>2021</td><td></td></tr><tr><td>Cash</td><td>$</td><td>(12</td><td>)</td></tr><tr><td>Debt</td><td></td><td>7</td><td></td></tr>')).toEqual([['table', '| | 2021 |\n| --- | --- |\n| Cash | $(12) |\n| Debt | 7 |']]);
  });

  it('that only arrange a page are read as what they hold', async () => {
    expect(await table('<tr><td><h2>Left</h2><p>one</p></td><td><table><tr><td>k</td><td>v</td></tr><tr><td>l</td><td>w</td></tr></table></td></tr>')).toEqual([
      ['heading2', 'Left'], ['paragraph', 'one'], ['table', '| k | v |\n| --- | --- |\n| l | w |'],
    ]);
    expect(await table('<tr><td>•</td><td>first</td></tr><tr><td>•</td><td>second</td></tr>')).toEqual([['list', '- first\n- second']]);
    expect(await table('<tr><td>one</td><td>line</td></tr>')).toEqual([['paragraph', 'one line']]);
  });
});
