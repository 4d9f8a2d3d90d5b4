import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const parse = (source: string | Uint8Array, fileName = 'a.eml') => parseDocument(typeof source === 'string' ? Buffer.from(source) : source, { ...noHints, fileName });
const head = 'From: Ann <ann@example.org>\r\nTo: Ben <ben@example.org>, c@example.org\r\nCc: Staff: d@example.org, e@example.org;\r\nSubject: =?utf-8?Q?Caf=C3=A9?=\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n';

/** A message of several parts. */
function multipart(kind: string, parts: readonly string[], boundary = 'x'): string {
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}
const plain = 'Content-Type: text/plain; charset=utf-8\r\n\r\nHello';
const attachment = (name: string, type = 'text/plain', body = 'text'): string => `Content-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${body}`;

describe('an e-mail message', () => {
  it('has its subject for title, a head, and its text with quotes', async () => {
    const parsed = await parse(`${head}\r\nThanks, see below.\r\n\r\n> An earlier question\r\n> over two lines.\r\n>> and an older one\r\n\r\nRegards\r\n`);
    expect(parsed).toMatchObject({ mediaType: 'message/rfc822', title: 'Café', attachments: [] });
    expect(blocksOf(parsed)).toEqual([
      ['heading1', 'Café'],
      ['paragraph', 'From: Ann <ann@example.org>\nTo: Ben <ben@example.org>, c@example.org\nCc: Staff: d@example.org, e@example.org\nDate: Mon, 2 Mar 2026 10:00:00 +0100'],
      ['paragraph', 'Thanks, see below.'],
      ['quote', 'An earlier question\nover two lines.\nand an older one'],
      ['paragraph', 'Regards'],
    ]);
  });

  it('is read from its formatted text where there is one', async () => {
    const html = 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<h1>Plan</h1><ul><li>one<li>two</ul><blockquote>Old =E2=82=AC</blockquote>';
    const parsed = await parse(head + multipart('alternative', [plain, html]));
    expect(blocksOf(parsed).slice(2)).toEqual([['heading2', 'Plan'], ['list', '- one\n- two'], ['quote', 'Old €']]);
    const empty = await parse(head + multipart('alternative', [plain, 'Content-Type: text/html\r\n\r\n<img src="cid:a">']));
    expect(blocksOf(empty).at(-1)).toEqual(['paragraph', 'Hello']);
  });

  it('hands over its attachments, messages in it as well, under names of their own', async () => {
    const inner = 'Content-Type: message/rfc822\r\n\r\nFrom: z@example.org\r\nSubject: Inner\r\n\r\nInner text';
    const parsed = await parse(head + multipart('mixed', [plain, attachment('a.txt', 'text/plain', 'one'), attachment('A.txt', 'text/plain', 'two'), attachment('..\\\\folder/b.csv', 'text/csv', 'x,y'), inner, 'Content-Type: application/pdf\r\n\r\n%PDF-1.4']));
    expect(parsed.attachments.map(({ fileName, mediaType, bytes }) => [fileName, mediaType, Buffer.from(bytes).toString().trim().slice(0, 5)])).toEqual([
      ['a.txt', 'text/plain', 'one'], ['A (2).txt', 'text/plain', 'two'], ['b.csv', 'text/csv', 'x,y'], ['message-4.eml', 'message/rfc822', 'From:'], ['attachment-5.pdf', 'application/pdf', '%PDF-'],
    ]);
    expect(parsed.text).toContain('Attachments: a.txt, A (2).txt, b.csv, message-4.eml, attachment-5.pdf');
    expect(parsed.text).not.toContain('Inner text');
    const child = parsed.attachments[3];
    expect(blocksOf(await parse(child?.bytes ?? new Uint8Array(), child?.fileName))).toEqual([['heading1', 'Inner'], ['paragraph', 'From: z@example.org'], ['paragraph', 'Inner text']]);
  });

  it('leaves out pictures of the text and signatures', async () => {
    const picture = 'Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=';
    const body = multipart('related', ['Content-Type: text/html\r\n\r\n<p>Hi<img src="cid:logo">', picture], 'y');
    const parsed = await parse(head + multipart('signed', [body, 'Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx', attachment('photo.png', 'image/png', 'x')]));
    expect(parsed.attachments.map(({ fileName }) => fileName)).toEqual(['photo.png']);
  });

  it('is not empty when it brings nothing but a file', async () => {
    const parsed = await parse(`MIME-Version: 1.0\r\n${multipart('mixed', [attachment('only.txt')])}`);
    expect(parsed.text).toBe('Attachments: only.txt');
    expect(parsed.attachments).toHaveLength(1);
    expect((await failureOf(Buffer.from('MIME-Version: 1.0\r\n\r\n \r\n'), { fileName: 'a.eml' })).code).toBe('EMPTY_DOCUMENT');
  });

  it('is refused beyond its bounds rather than cut in silence', async () => {
    const many = Array.from({ length: 101 }, (_, index) => attachment(`${index}.txt`));
    expect(await failureOf(Buffer.from(head + multipart('mixed', many)), { fileName: 'a.eml' })).toEqual({ code: 'PARSE_LIMIT_EXCEEDED', message: 'The message has 101 attachments; 100 are allowed.' });
    let nested = plain;
    for (let depth = 0; depth < 40; depth++) nested = multipart('mixed', [nested], `b${depth}`);
    expect((await failureOf(Buffer.from(head + nested), { fileName: 'a.eml' })).code).toBe('PARSE_LIMIT_EXCEEDED');
  });
});

describe('the type of a message', () => {
  it('is told from its fields, also below the line of a mailbox', async () => {
    const source = 'Received: from a\nMessage-ID: <1@x>\nSubject: Hello\n\nText';
    expect((await parse(source, 'mail')).title).toBe('Hello');
    expect(blocksOf(await parse(`From ann@example.org Wed Jul 16 06:24:10 +0000 2008\n${source}`, 'mail'))).toEqual([['heading1', 'Hello'], ['paragraph', 'Text']]);
  });

  it('is taken as declared with one field, but not for text that only mentions fields', async () => {
    expect((await parse('Subject: Short\n\nText')).mediaType).toBe('message/rfc822');
    expect((await parse('Subject: Short\n\nText', 'a.txt')).mediaType).toBe('text/plain');
    expect((await parse('Name: a\nColour: b\nSize: c\n\nText', 'a.txt')).mediaType).toBe('text/plain');
    expect((await failureOf(Buffer.from('just words'), { fileName: 'a.eml' })).code).toBe('CORRUPT_DOCUMENT');
  });
});

describe('charsets of a message', () => {
  const fields = 'From: a@example.org\r\nMIME-Version: 1.0\r\n';
  it('are those of each part', async () => {
    const parts = [`Content-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]).toString('base64')}`, 'Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$BF|K\\\x1b(B'];
    const { text } = await parse(latin(fields + multipart('mixed', parts)));
    expect(text).toContain('Привет');
    expect(text).toContain('日本');
  });

  it('are UTF-8 where letters are, whatever is declared', async () => {
    expect((await parse(`${fields}Subject: Größe\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nKäse für alle`)).text).toBe('Größe\n\nFrom: a@example.org\n\nKäse für alle');
  });

  it('are told by statistics where none is declared', async () => {
    const source = `${fields}Subject: Gr\xf6\xdfe\r\nContent-Type: text/plain\r\n\r\nDie K\xf6chin hat f\xfcr alle G\xe4ste gekocht, und sie a\xdfen sp\xe4t am Abend.`;
    const parsed = await parse(latin(source));
    expect(parsed.title).toBe('Größe');
    expect(parsed.text).toContain('Die Köchin hat für alle Gäste gekocht, und sie aßen spät am Abend.');
  });

  it('leave the bytes of attachments alone', async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x80, 0x81]);
    const parsed = await parse(latin(fields + multipart('mixed', ['Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe', `Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`])));
    expect(parsed.text).toContain('Grüße');
    expect(Buffer.from(parsed.attachments[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });
});
