import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { failureOf, noHints, parseText } from './parsing.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const mediaTypeOf = async (source: string | Uint8Array, hints: { mediaType?: string; fileName?: string } = {}): Promise<string> =>
  (await parseDocument(typeof source === 'string' ? Buffer.from(source) : source, { ...noHints, ...hints })).mediaType;

describe('the type of a document', () => {
  it('comes from what it starts with, before what is declared', async () => {
    expect(await mediaTypeOf('<!-- made by hand -->\n<!DOCTYPE html><title>T</title><p>x', { mediaType: 'text/plain' })).toBe('text/html');
    expect(await mediaTypeOf('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>x</body></html>', { mediaType: 'application/xml' })).toBe('text/html');
  });

  it('comes from the declaration, then from the name where the declaration is vague', async () => {
    expect(await mediaTypeOf('# T', { mediaType: 'text/markdown; charset=utf-8', fileName: 'a.txt' })).toBe('text/markdown');
    expect(await mediaTypeOf('# T', { mediaType: 'application/octet-stream', fileName: 'README.MD' })).toBe('text/markdown');
    expect(await mediaTypeOf('# T', { mediaType: 'text/plain', fileName: 'notes.md' })).toBe('text/markdown');
    expect(await mediaTypeOf('# T', { mediaType: 'text/plain', fileName: 'notes.txt' })).toBe('text/plain');
  });

  it('is told from the marks of the text when nothing is declared', async () => {
    expect(await mediaTypeOf('# Title\n\nSee [here](http://x.org).\n')).toBe('text/markdown');
    expect(await mediaTypeOf('<div><p>One</p><p>Two</p></div>')).toBe('text/html');
    expect(await mediaTypeOf('Nothing special, 1 < 2.')).toBe('text/plain');
  });

  it('follows the name of data and source code, also where a server takes it for something else', async () => {
    expect(await mediaTypeOf('a,b\n1,2', { fileName: 'x.CSV', mediaType: 'application/vnd.ms-excel' })).toBe('text/csv');
    expect(await mediaTypeOf('a\tb\n1\t2', { fileName: 'x.tsv' })).toBe('text/tab-separated-values');
    expect(await mediaTypeOf('{"a": 1}', { mediaType: 'application/ld+json' })).toBe('application/json');
    expect(await mediaTypeOf('{"a": 1}\n{"a": 2}', { fileName: 'x.jsonl' })).toBe('application/x-ndjson');
    expect(await mediaTypeOf(' {"a": [1, 2]} ')).toBe('application/json');
    expect(await mediaTypeOf('[a](http://x.org) {b}')).toBe('text/plain');
    expect(await mediaTypeOf('export const a = 1;', { fileName: 'a.ts', mediaType: 'video/mp2t' })).toBe('text/x-typescript');
    expect(await mediaTypeOf('a {}', { mediaType: 'text/css' })).toBe('text/css');
    expect(await mediaTypeOf('#!/usr/bin/env -S python3 -u\nprint(1)')).toBe('text/x-python');
    expect(await mediaTypeOf('<!doctype html>\n<?php echo 1; ?>', { fileName: 'a.php' })).toBe('text/x-php');
    expect(await mediaTypeOf('<!doctype html><p>x', { fileName: 'a.php', mediaType: 'text/html' })).toBe('text/html');
  });

  it('is text for words that begin like signatures of pictures and programs', async () => {
    for (const text of ['BMW builds cars.', 'MZ was a motor cycle.', 'II. The second part', 'GIF is a format', 'PK is short for Peter Kay']) expect(await mediaTypeOf(text)).toBe('text/plain');
  });
});

describe('documents that are refused', () => {
  it('are empty', async () => {
    expect(await failureOf(new Uint8Array(0))).toEqual({ code: 'EMPTY_DOCUMENT', message: 'The document has no bytes.' });
    expect(await failureOf(Buffer.from(' \r\n\t '))).toEqual({ code: 'EMPTY_DOCUMENT', message: 'The document holds white space only.' });
    expect((await failureOf(Buffer.from('<html><body><img src="a.png"><script>x()</script></body></html>'))).code).toBe('EMPTY_DOCUMENT');
    expect((await failureOf(Buffer.from('\ufeff'))).code).toBe('EMPTY_DOCUMENT');
  });

  it('are of other types, which the sentence names', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300010000050001', 'hex');
    expect(await failureOf(png, { mediaType: 'text/plain' })).toEqual({ code: 'UNSUPPORTED_TYPE', message: 'The document is a picture (image/png); this type is not supported.' });
    const binary = zipSync({ '[Content_Types].xml': latin('<Types/>'), 'xl/workbook.bin': latin('x') });
    expect((await failureOf(binary, { fileName: 'a.xlsx' })).message).toContain('a binary Excel workbook (XLSB)');
    expect((await failureOf(zipSync({ 'a.txt': latin('a') }))).message).toContain('a ZIP archive');
    expect((await failureOf(Buffer.from('{\\rtf1\\ansi hello}'))).message).toContain('RTF');
    expect((await failureOf(Buffer.from('<?xml version="1.0"?><a/>'), { fileName: 'a.xml' })).message).toContain('XML');
  });

  it('are damaged', async () => {
    const noise = Uint8Array.from({ length: 40_000 }, (_, index) => (index * index * 7919 + index * 104_729) >>> 7 & 255);
    expect((await failureOf(noise)).code).toBe('CORRUPT_DOCUMENT');
    expect(await failureOf(noise, { mediaType: 'application/pdf' })).toEqual({ code: 'CORRUPT_DOCUMENT', message: 'The file is declared to be a PDF but is not one.' });
    expect((await failureOf(Buffer.from('junk'), { fileName: 'report.pdf' })).message).toBe('The file is declared to be a PDF but is not one.');
    const whole = zipSync({ 'word/document.xml': latin('<w:document/>') });
    expect((await failureOf(whole.subarray(0, whole.length - 30), { fileName: 'a.docx' })).code).toBe('CORRUPT_DOCUMENT');
    expect((await failureOf(Buffer.from('%PDF-1.7\n%%EOF')))).toEqual({ code: 'CORRUPT_DOCUMENT', message: 'The PDF is damaged and cannot be opened.' });
  });

  it('are office files wrapped by a password', async () => {
    const container = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(200)]);
    expect((await failureOf(container, { fileName: 'a.docx' })).code).toBe('PASSWORD_PROTECTED');
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('WordDocument', 'utf16le'), Buffer.alloc(200)]);
    expect((await failureOf(old)).message).toContain('old format (DOC)');
  });
});

describe('charsets', () => {
  const sample = 'Die schöne Frau sagte: „Das war köstlich!“ und lächelte.';
  const utf16 = (text: string, bigEndian: boolean): Buffer => {
    const bytes = Buffer.from(text, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };
  const decoded = async (bytes: Uint8Array, mediaType = 'text/plain'): Promise<string> => (await parseDocument(bytes, { ...noHints, mediaType })).text;

  it('follow the byte order mark', async () => {
    expect(await decoded(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(sample)]))).toBe(sample);
    expect(await decoded(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(sample, false)]))).toBe(sample);
    expect(await decoded(Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(sample, true)]))).toBe(sample);
  });

  it('tell UTF-16 without a mark', async () => {
    expect(await decoded(utf16(sample, false))).toBe(sample);
    expect(await decoded(utf16(sample, true))).toBe(sample);
  });

  it('believe valid UTF-8 more than a server, and a server more than statistics', async () => {
    expect(await decoded(Buffer.from(sample), 'text/plain; charset=iso-8859-1')).toBe(sample);
    expect(await decoded(Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), 'text/plain; charset=windows-1251')).toBe('Привет');
    expect(await decoded(Buffer.from([0xb0, 0xa1, 0xb3, 0xaa]), 'text/plain; charset=euc-kr')).toBe('가나');
  });

  it('read what a page declares, even after a long script', async () => {
    const page = Buffer.concat([latin(`<html><script>${'x();\n'.repeat(3000)}</script><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>`), Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])]);
    expect(await decoded(page, 'text/html')).toContain('Привет');
  });

  it('take windows-1252 for western text that declares nothing', async () => {
    expect(await decoded(Buffer.from([...latin('Prix 3,50 '), 0x80, ...latin(' caf'), 0xe9, ...latin(' et th'), 0xe9, ...latin(' glac'), 0xe9]))).toBe('Prix 3,50 € café et thé glacé');
  });
});

describe('normalised text', () => {
  it('is NFC without controls, with one kind of line end', async () => {
    const { text } = await parseText('Cafe\u0301 \u0007one\u00a0two\u200b\r\n\r\nnext\u2028line\ufeff', 'text/plain');
    expect(text).toBe('Café one two\n\nnext\nline');
  });
});
