import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const text = (source: string): Uint8Array => Buffer.from(source);
const chapter = (body: string): Uint8Array => text(`<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`);

interface Book {
  readonly chapters: Readonly<Record<string, Uint8Array | undefined>>;
  readonly metadata?: string;
  readonly more?: Readonly<Record<string, Uint8Array>>;
  readonly items?: string;
  readonly spine?: string;
}

/** A book whose files lie in a folder, as in most. */
function makeEpub({ chapters, metadata = '<dc:title>A Book</dc:title><dc:language>de</dc:language>', more = {}, items = '', spine }: Book, level: 0 | 6 = 6): Uint8Array {
  const names = Object.keys(chapters);
  const manifest = names.map((name, index) => `<item id="c${index}" href="${encodeURI(name)}" media-type="application/xhtml+xml"/>`).join('');
  const files = Object.fromEntries(Object.entries(chapters).flatMap(([name, bytes]) => (bytes === undefined ? [] : [[`OEBPS/${name}`, bytes]])));
  return zipSync({
    mimetype: [text('application/epub+zip'), { level: 0 }],
    'META-INF/container.xml': text('<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'),
    'OEBPS/book.opf': text(`<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>${metadata}</metadata><manifest>${manifest}${items}</manifest><spine>${spine ?? names.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`),
    ...files,
    ...more,
  }, { level });
}
const parse = (bytes: Uint8Array) => parseDocument(bytes, noHints);

describe('an EPUB', () => {
  it('is read in the order of its spine, with title and language', async () => {
    const parsed = await parse(makeEpub({ chapters: { 'zwei.xhtml': chapter('<h1>Zwei</h1><p>Später.</p>'), 'eins kapitel.xhtml': chapter('<h1>Eins</h1><p>Zuerst.</p>') }, spine: '<itemref idref="c1"/><itemref idref="c0" linear="no"/><itemref idref="gone"/>' }));
    expect(parsed).toMatchObject({ mediaType: 'application/epub+zip', title: 'A Book', language: 'de', pageCount: 2, lostPages: [] });
    expect(parsed.blocks.map(({ page }) => page)).toEqual([1, 1, 2, 2]);
    expect(blocksOf(parsed)).toEqual([['heading1', 'Eins'], ['paragraph', 'Zuerst.'], ['heading1', 'Zwei'], ['paragraph', 'Später.']]);
  });

  it('takes headings from the tables of contents for chapters without, and leaves out the table itself', async () => {
    const nav = chapter('<nav epub:type="toc"><ol><li><a href="a.xhtml#start">The first</a></li><li><a href="b.xhtml">Not needed</a></li></ol></nav>');
    const ncx = text('<ncx><navMap><navPoint><navLabel><text>The third</text></navLabel><content src="c.xhtml"/></navPoint></navMap></ncx>');
    const parsed = await parse(makeEpub({
      chapters: { 'a.xhtml': chapter('<p>One.</p>'), 'b.xhtml': chapter('<h2>Own</h2><p>Two.</p>'), 'c.xhtml': chapter('<p>Three.</p>') },
      items: '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
      spine: '<itemref idref="nav"/><itemref idref="c0"/><itemref idref="c1"/><itemref idref="c2"/>',
      more: { 'OEBPS/nav.xhtml': nav, 'OEBPS/toc.ncx': ncx },
    }));
    expect(blocksOf(parsed)).toEqual([['heading1', 'The first'], ['paragraph', 'One.'], ['heading2', 'Own'], ['paragraph', 'Two.'], ['heading1', 'The third'], ['paragraph', 'Three.']]);
  });

  it('loses a missing or damaged chapter alone, and names it', async () => {
    const whole = makeEpub({ chapters: { 'a.xhtml': chapter('<p>One.</p>'), 'b.xhtml': chapter(`<p>${'Two is damaged in the file. '.repeat(40)}</p>`), 'gone.xhtml': undefined, 'd.xhtml': chapter('<p>Four.</p>') } });
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, damaged.indexOf('OEBPS/b.xhtml') + 13, damaged.indexOf('OEBPS/b.xhtml') + 33);
    const parsed = await parse(damaged);
    expect(parsed.text).toBe('One.\n\nFour.');
    expect(parsed.lostPages.map(({ page, failure }) => [page, failure.code, failure.message])).toEqual([
      [2, 'CORRUPT_DOCUMENT', 'Chapter 2 (OEBPS/b.xhtml) is damaged and was left out.'],
      [3, 'CORRUPT_DOCUMENT', 'Chapter 3 (OEBPS/gone.xhtml) is missing and was left out.'],
    ]);
  });

  it('tells damage that unpacks all the same', async () => {
    const whole = Buffer.from(makeEpub({ chapters: { 'a.xhtml': chapter('<p>One.</p>'), 'b.xhtml': chapter('<p>Two.</p>') } }, 0));
    whole.write('Twx', whole.indexOf('Two.'));
    const parsed = await parse(whole);
    expect(parsed.text).toBe('One.');
    expect(parsed.lostPages.map(({ page }) => page)).toEqual([2]);
  });

  it('is refused when it is protected, endless, or has no chapters', async () => {
    const encrypted = (algorithm: string): Uint8Array => text(`<encryption><enc:EncryptedData xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptionMethod Algorithm="${algorithm}"/><enc:CipherData><enc:CipherReference URI="OEBPS/a.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>`);
    const chapters = { 'a.xhtml': chapter('<p>One.</p>') };
    expect((await failureOf(makeEpub({ chapters, more: { 'META-INF/encryption.xml': encrypted('http://www.w3.org/2001/04/xmlenc#aes128-cbc') } }))).code).toBe('PASSWORD_PROTECTED');
    expect((await parse(makeEpub({ chapters, more: { 'META-INF/encryption.xml': encrypted('http://www.idpf.org/2008/embedding') } }))).text).toBe('One.');
    expect((await failureOf(makeEpub({ chapters: { 'a.xhtml': new Uint8Array(140 * 1024 * 1024) } }))).code).toBe('PARSE_LIMIT_EXCEEDED');
    expect((await failureOf(makeEpub({ chapters: {} }))).code).toBe('CORRUPT_DOCUMENT');
    expect((await failureOf(makeEpub({ chapters: { 'a.xhtml': undefined } }))).message).toBe('No chapter of the EPUB can be read.');
    expect((await failureOf(makeEpub({ chapters: { 'a.xhtml': chapter('<img src="cover.jpg"/>') } }))).code).toBe('EMPTY_DOCUMENT');
  });

  it('reads old charsets and what is not well-formed', async () => {
    const old = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="windows-1251"?><html><body><p>'), Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), Buffer.from('<p>open <b>bold</body></html>')]);
    expect(blocksOf(await parse(makeEpub({ chapters: { 'a.xhtml': old }, metadata: '<dc:title>Tom & Jerry</dc:title><dc:language>und</dc:language>' })))).toEqual([['paragraph', 'Привет'], ['paragraph', 'open bold']]);
  });
});
