import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const relations = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
const style = (id: string, name: string): string => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
const wordNamespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

function docx(body: string, more: Record<string, Uint8Array> = {}): Uint8Array {
  return zipSync({
    '[Content_Types].xml': Buffer.from(types),
    '_rels/.rels': Buffer.from(relations),
    'word/document.xml': Buffer.from(`<?xml version="1.0"?><w:document ${wordNamespace}><w:body>${body}</w:body></w:document>`),
    'word/styles.xml': Buffer.from(`<w:styles ${wordNamespace}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault></w:docDefaults>${style('T', 'Title')}${style('H1', 'heading 1')}</w:styles>`),
    'word/_rels/document.xml.rels': Buffer.from('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'),
    ...more,
  });
}

const paragraph = (text: string, styleId = ''): string => `<w:p>${styleId === '' ? '' : `<w:pPr><w:pStyle w:val="${styleId}"/></w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const cell = (text: string): string => `<w:tc>${paragraph(text)}</w:tc>`;

describe('DOCX', () => {
  it('becomes headings, paragraphs and tables', async () => {
    const bytes = docx(`${paragraph('The report', 'T')}${paragraph('Part one', 'H1')}${paragraph('Text &amp; more')}<w:tbl><w:tr>${cell('a')}${cell('b')}</w:tr><w:tr>${cell('1')}${cell('2')}</w:tr></w:tbl>`);
    const parsed = await parseDocument(bytes, noHints);
    expect(parsed).toMatchObject({ title: 'The report', language: 'fr-FR', mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' });
    expect(blocksOf(parsed)).toEqual([['heading1', 'The report'], ['heading1', 'Part one'], ['paragraph', 'Text & more'], ['table', '| a | b |\n| --- | --- |\n| 1 | 2 |']]);
  });

  it('takes the title that the author gave, unless it is the name of a file', async () => {
    const core = (title: string): Record<string, Uint8Array> => ({ 'docProps/core.xml': Buffer.from(`<cp:coreProperties xmlns:dc="d" xmlns:cp="c"><dc:title>${title}</dc:title></cp:coreProperties>`) });
    expect((await parseDocument(docx(paragraph('x'), core('Caf&#233; &amp; bar')), noHints)).title).toBe('Café & bar');
    expect((await parseDocument(docx(paragraph('x'), core('Microsoft Word - a.docx')), noHints)).title).toBeUndefined();
  });

  it('is refused when it is empty, damaged or unpacks without measure', async () => {
    expect((await failureOf(docx(''))).code).toBe('EMPTY_DOCUMENT');
    const damaged = docx(paragraph('x'.repeat(5000)));
    damaged.fill(0xff, 700, 900);
    expect((await failureOf(damaged)).code).toBe('CORRUPT_DOCUMENT');
    expect((await failureOf(docx('<w:p><w:r>'))).code).toBe('CORRUPT_DOCUMENT');
    const bomb = docx('', { 'word/bomb.xml': new Uint8Array(72 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(await failureOf(bomb)).toEqual({ code: 'PARSE_LIMIT_EXCEEDED', message: 'The document unpacks to more than 64 MB.' });
    // The same with a directory that claims a small size.
    const liar = Buffer.from(bomb);
    const claimed = Buffer.alloc(4);
    claimed.writeUInt32LE(72 * 1024 * 1024);
    for (let at = liar.indexOf(claimed); at !== -1; at = liar.indexOf(claimed)) liar.writeUInt32LE(1000, at);
    expect((await failureOf(liar)).code).toBe('PARSE_LIMIT_EXCEEDED');
  }, 60_000);
});
