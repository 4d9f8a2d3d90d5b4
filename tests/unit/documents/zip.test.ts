import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { ErrorCode } from '../../../src/contracts/errors.ts';
import { ZipArchive } from '../../../src/documents/zip/openZip.ts';

const megabyte = 1024 * 1024;
const open = (bytes: Uint8Array, unpackedBytes = megabyte): ZipArchive => new ZipArchive(bytes, { name: 'file', unpackedBytes });

async function unpacked(archive: ZipArchive, name: string): Promise<number> {
  let length = 0;
  for await (const piece of archive.stream(name)) length += piece.length;
  return length;
}

async function codeOf(step: () => unknown): Promise<ErrorCode | undefined> {
  try {
    await step();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof CatalystError)) throw thrown;
    return thrown.code;
  }
}

/** A file whose directory and entries claim another size than they unpack to. */
function claiming(bytes: Uint8Array, size: number, claimed: number): Uint8Array {
  const liar = Buffer.from(bytes);
  const [real, stated] = [Buffer.alloc(4), Buffer.alloc(4)];
  real.writeUInt32LE(size);
  stated.writeUInt32LE(claimed);
  for (let at = liar.indexOf(real); at !== -1; at = liar.indexOf(real, at + 4)) stated.copy(liar, at);
  return liar;
}

describe('a zip archive', () => {
  it('gives its entries whole or piece by piece, packed or not', async () => {
    const bytes = zipSync({ 'a.xml': Buffer.from('first'), 'b/c.xml': [Buffer.from('second'), { level: 0 }], large: new Uint8Array(700_000) });
    const archive = open(bytes);
    expect(archive.names).toEqual(['a.xml', 'b/c.xml', 'large']);
    expect([archive.read('a.xml'), archive.read('b/c.xml')].map((content) => new TextDecoder().decode(content))).toEqual(['first', 'second']);
    expect(await unpacked(archive, 'large')).toBe(700_000);
    expect(await unpacked(archive, 'b/c.xml')).toBe(6);
    expect([archive.read('none'), archive.has('none'), await unpacked(archive, 'none')]).toEqual([undefined, false, 0]);
  });

  it('unpacks no more than it may, however small it claims to be, all entries together', async () => {
    const size = 3 * megabyte;
    const bomb = zipSync({ bomb: new Uint8Array(size) });
    for (const bytes of [bomb, claiming(bomb, size, 1000)]) {
      expect(await codeOf(() => open(bytes).read('bomb'))).toBe('PARSE_LIMIT_EXCEEDED');
      expect(await codeOf(() => unpacked(open(bytes), 'bomb'))).toBe('PARSE_LIMIT_EXCEEDED');
    }
    const several = open(zipSync({ one: new Uint8Array(600_000), two: new Uint8Array(600_000) }));
    expect(await unpacked(several, 'one')).toBe(600_000);
    expect(await codeOf(() => several.read('two'))).toBe('PARSE_LIMIT_EXCEEDED');
    expect(await codeOf(() => open(zipSync(Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`${index}`, [new Uint8Array(), { level: 0 }] as const])))))).toBe('PARSE_LIMIT_EXCEEDED');
  });

  it('says what is wrong with a file that is cut off, damaged or protected', async () => {
    const content = Buffer.from(Array.from({ length: 3000 }, (_, index) => `${index * 7919}`).join());
    const whole = zipSync({ a: content });
    expect(await codeOf(() => open(whole.subarray(0, -30)))).toBe('CORRUPT_DOCUMENT');
    const damaged = Uint8Array.from(whole).fill(0xff, 300, 400);
    expect(await codeOf(() => open(damaged).read('a'))).toBe('CORRUPT_DOCUMENT');
    expect(await codeOf(() => unpacked(open(damaged), 'a'))).toBe('CORRUPT_DOCUMENT');
    const locked = Buffer.from(whole);
    const entry = locked.lastIndexOf(Buffer.from('PK\u0001\u0002'));
    locked.writeUInt16LE(1, entry + 8);
    expect(await codeOf(() => open(locked))).toBe('PASSWORD_PROTECTED');
    const elsewhere = Buffer.from(whole);
    elsewhere.writeUInt32LE(whole.length, entry + 42);
    expect(await codeOf(() => open(elsewhere).read('a'))).toBe('CORRUPT_DOCUMENT');
  });
});
