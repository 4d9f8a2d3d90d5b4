import { zipSync } from 'fflate';
import { deflateSync } from 'node:zlib';
import type { ParseHints } from '../../../src/ports/documentParser.ts';
import { pptx, xlsx } from '../../unit/documents/officeFiles.ts';

export interface HostileFile {
  readonly bytes: Uint8Array;
  readonly hints?: Partial<ParseHints>;
}

const text = (source: string): Uint8Array => Buffer.from(source);
const megabyte = 1024 * 1024;

/** Ten entities, each of ten of the one before: ten billion letters. */
export function entityBomb(root: string): string {
  const entities = Array.from({ length: 10 }, (_, level) => `<!ENTITY e${level} "${level === 0 ? 'aaaaaaaaaa' : `&e${level - 1};`.repeat(10)}">`).join('');
  return `<!DOCTYPE ${root} [${entities}]>`;
}

/** What a reader that follows entities would fetch from the machine. */
export const fileEntity = (root: string): string => `<!DOCTYPE ${root} [<!ENTITY file SYSTEM "file:///etc/passwd">]>`;

const wordNamespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

export function docx(prologue: string, content: string, more: Record<string, Uint8Array> = {}, target = 'word/document.xml'): Uint8Array {
  return zipSync({
    '[Content_Types].xml': text('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
    '_rels/.rels': text(`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${target}"/></Relationships>`),
    'word/document.xml': text(`<?xml version="1.0"?>${prologue}<w:document ${wordNamespace}><w:body><w:p><w:r><w:t>${content}</w:t></w:r></w:p></w:body></w:document>`),
    ...more,
  });
}

export function epub(prologue: string, content: string, more: Record<string, Uint8Array> = {}, chapterPath = 'a.xhtml'): Uint8Array {
  return zipSync({
    mimetype: [text('application/epub+zip'), { level: 0 }],
    'META-INF/container.xml': text('<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'),
    'OEBPS/book.opf': text(`<?xml version="1.0"?>${prologue}<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Book ${content}</dc:title></metadata><manifest><item id="a" href="${chapterPath}" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>`),
    'OEBPS/a.xhtml': text(`<?xml version="1.0"?>${prologue}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Chapter ${content}</p></body></html>`),
    ...more,
  });
}

function sheet(prologue: string, content: string): Uint8Array {
  return xlsx({ sheets: [{ name: 'A', rows: '' }], more: { 'xl/worksheets/sheet1.xml': text(`<?xml version="1.0"?>${prologue}<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Cell ${content}</t></is></c></row></sheetData></worksheet>`) } });
}

function slide(prologue: string, content: string): Uint8Array {
  return pptx([{ shapes: '' }], { 'ppt/slides/slide1.xml': text(`<?xml version="1.0"?>${prologue}<sld><cSld><spTree><sp><txBody><p><r><t>Slide ${content}</t></r></p></txBody></sp></spTree></cSld></sld>`) });
}

/** The same trick in each format that is made of XML. */
export function xmlFiles(prologueOf: (root: string) => string, content: string): Record<string, HostileFile> {
  const long = `<!--${'-x'.repeat(4_000)}-->`;
  return {
    docx: { bytes: docx(prologueOf('w:document'), content) },
    'docx, behind a long comment': { bytes: docx(long + prologueOf('w:document'), content) },
    xlsx: { bytes: sheet(prologueOf('worksheet'), content) },
    pptx: { bytes: slide(prologueOf('sld'), content) },
    epub: { bytes: epub(prologueOf('package'), content) },
    xhtml: { bytes: text(`<?xml version="1.0"?>${prologueOf('html')}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Page ${content}</p></body></html>`), hints: { mediaType: 'application/xhtml+xml' } },
    html: { bytes: text(`${prologueOf('html')}<html><body><p>Page ${content}</p></body></html>`), hints: { mediaType: 'text/html' } },
  };
}

/** A zip of which every entry of the directory lies on the same packed bytes: it grows without being large anywhere. */
function overlapping(entries: number): Uint8Array {
  const one = Buffer.from(docx('', 'x', { 'word/kernel.xml': new Uint8Array(megabyte) }));
  const end = one.length - 22;
  const directory = one.readUInt32LE(end + 16);
  const at = one.lastIndexOf(Buffer.from('word/kernel.xml')) - 46;
  const copies = Array.from({ length: entries }, (_, index) => {
    const entry = Buffer.from(one.subarray(at, at + 46 + 'word/kernel.xml'.length));
    entry.write(`word/kernel${String(index).padStart(5, '0')}.xml`.slice(-15), 46, 'latin1');
    return entry;
  });
  const body = Buffer.concat([one.subarray(0, end), ...copies]);
  const tail = Buffer.from(one.subarray(end));
  tail.writeUInt16LE(tail.readUInt16LE(10) + entries, 10);
  tail.writeUInt16LE(tail.readUInt16LE(8) + entries, 8);
  tail.writeUInt32LE(body.length - directory, 12);
  return Buffer.concat([body, tail]);
}

export const slipped = '/tmp/catalyst-zip-slip';

export function archives(): Record<string, HostileFile> {
  const outside = { [`../../../../../..${slipped}`]: text('out'), [slipped]: text('out'), [`..\\..\\..${slipped.replaceAll('/', '\\')}`]: text('out') };
  const inner = zipSync({ 'a.zip': zipSync({ 'b.zip': zipSync({ 'c.txt': new Uint8Array(5 * megabyte) }) }) });
  return {
    'docx with entries outside': { bytes: docx('', 'inside', outside) },
    'docx whose document lies outside': { bytes: docx('', 'inside', outside, '../../../../etc/passwd') },
    'docx whose document is a file address': { bytes: docx('', 'inside', outside, 'file:///etc/passwd') },
    'epub with entries outside': { bytes: epub('', 'inside', outside) },
    'epub whose chapter lies outside': { bytes: epub('', 'inside', outside, '../../../../../etc/passwd') },
    'epub whose chapter is a file address': { bytes: epub('', 'inside', outside, 'file:///etc/passwd') },
    'zip in zip in zip': { bytes: inner },
    'docx with a zip inside': { bytes: docx('', 'inside', { 'word/embeddings/inner.zip': inner }) },
    'docx that unpacks to more than it may': { bytes: docx('', 'inside', { 'word/bomb.xml': new Uint8Array(72 * megabyte) }) },
    'docx of overlapping entries': { bytes: overlapping(2_000) },
  };
}

/** Repeated, these make readers with regular expressions or without limits take the square of their length, or worse. */
const markdownTricks = ['[', '![', '[a](', '[a](<b', '*a_', '**a ', '`a``', '<!--', '<a href="', '> ', '- ', '&#', '\\', '|a', '~~a', '[^a]: ', '\t*', '_*', ')](', '<a@'];

export function longTexts(): Record<string, HostileFile> {
  const of = (unit: string, bytes: number): Uint8Array => text(unit.repeat(Math.ceil(bytes / unit.length)));
  return {
    ...Object.fromEntries(markdownTricks.map((unit) => [`markdown of ${JSON.stringify(unit)}`, { bytes: of(unit, 60_000), hints: { mediaType: 'text/markdown' } }])),
    'html 20,000 deep': { bytes: text(`<html><body>${'<div>'.repeat(20_000)}deep`), hints: { mediaType: 'text/html' } },
    'html with very many attributes': { bytes: text(`<html><body><p ${Array.from({ length: 100_000 }, (_, index) => `a${index}="x"`).join(' ')}>x`), hints: { mediaType: 'text/html' } },
    'html of tables in cells': { bytes: of('<table><tr><td>', 100_000), hints: { mediaType: 'text/html' } },
    'html cells over a million columns': { bytes: text('<table>' + '<tr><td colspan="1000000" rowspan="65534">x</td></tr>'.repeat(200) + '</table>'), hints: { mediaType: 'text/html' } },
    'html of open comments': { bytes: of('<!--', 400_000), hints: { mediaType: 'text/html' } },
    'html of open tags': { bytes: of('<a ', 400_000), hints: { mediaType: 'text/html' } },
    'text without a space': { bytes: of('a', 4 * megabyte), hints: { mediaType: 'text/plain' } },
    'text of line ends': { bytes: of('\n', megabyte), hints: { mediaType: 'text/plain' } },
    'text of marks on one letter': { bytes: text(`a${'\u0301\u0323'.repeat(100_000)}`), hints: { mediaType: 'text/plain' } },
    'csv with an open quote': { bytes: text(`a,b\n"${'x,"",'.repeat(200_000)}`), hints: { mediaType: 'text/csv' } },
    'csv of 100,000 columns': { bytes: of('a,', 200_000), hints: { mediaType: 'text/csv' } },
    'json 200,000 deep': { bytes: text('['.repeat(200_000) + ']'.repeat(200_000)), hints: { mediaType: 'application/json' } },
    'code of open brackets': { bytes: of('function f({', 300_000), hints: { fileName: 'a.js' } },
    'mail of parts in parts': { bytes: text(partsInParts(2_000)), hints: { mediaType: 'message/rfc822' } },
    'mail of endless headers': { bytes: text(`From: a@b.example\r\n${'X-A: b\r\n'.repeat(200_000)}\r\nx`), hints: { mediaType: 'message/rfc822' } },
    'pdf of a stream that unpacks to 256 MB': { bytes: pdfBomb() },
    'pdf whose pages go in a circle': { bytes: text('%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1000000000/Kids[2 0 R 2 0 R]>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF') },
  };
}

function partsInParts(depth: number): string {
  const open = Array.from({ length: depth }, (_, level) => `Content-Type: multipart/mixed; boundary="b${level}"\r\n\r\n--b${level}\r\n`).join('');
  return `From: a@b.example\r\nSubject: deep\r\nMIME-Version: 1.0\r\n${open}Content-Type: text/plain\r\n\r\ndeep\r\n`;
}

function pdfBomb(): Uint8Array {
  const packed = deflateSync(deflateSync(Buffer.alloc(256 * megabyte, ' ')));
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>/Contents 4 0 R>>',
  ];
  const head = objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('');
  return Buffer.concat([text(`%PDF-1.7\n${head}4 0 obj<</Length ${packed.length}/Filter[/FlateDecode/FlateDecode]>>stream\n`), packed, text('\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF')]);
}
