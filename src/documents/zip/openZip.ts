import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { CatalystError } from '../../contracts/errors.ts';
import { listZip } from '../detect/zip.ts';
import type { ZipEntry } from '../detect/zip.ts';

const megabyte = 1024 * 1024;
const mostEntries = 20_000;
const headerLength = 30;
const headerSignature = 0x04034b50;

export interface ZipLimits {
  /** Bytes that all entries that are read may unpack to, those read as a stream included. */
  readonly unpackedBytes: number;
  /** What the file is called in a sentence, such as "DOCX file". */
  readonly name: string;
}

/**
 * The entries of a zip file, unpacked one by one when they are asked for. What comes out is counted: the sizes that a file
 * states may be lies. Throws CORRUPT_DOCUMENT, PASSWORD_PROTECTED, PARSE_LIMIT_EXCEEDED.
 */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #limits: ZipLimits;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  #left: number;

  constructor(bytes: Uint8Array, limits: ZipLimits) {
    const entries = listZip(bytes);
    if (entries === undefined) throw new CatalystError('CORRUPT_DOCUMENT', `The ${limits.name} is cut off or damaged.`);
    if (entries.some(({ encrypted }) => encrypted)) throw new CatalystError('PASSWORD_PROTECTED', `The ${limits.name} is protected by a password.`);
    this.#bytes = bytes;
    this.#limits = limits;
    this.#left = limits.unpackedBytes;
    this.#entries = new Map(entries.map((entry) => [entry.name.replaceAll('\\', '/'), entry]));
    if (entries.length > mostEntries) throw this.#tooLarge();
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The bytes of an entry; undefined when there is none of that name. */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const packed = this.#packed(entry);
    if (entry.size > this.#left) throw this.#tooLarge();
    try {
      // The library takes a limit of zero for none.
      const unpacked = entry.method === 0 ? packed : new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, this.#left) }));
      this.#count(unpacked.length);
      if (entry.checksum !== 0 && crc32(unpacked) !== entry.checksum) throw this.#corrupt();
      return unpacked;
    } catch (thrown) {
      throw this.#translated(thrown);
    }
  }

  /** The bytes of an entry piece by piece, for entries too large to be held whole; nothing when there is none of that name. */
  async *stream(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    const packed = this.#packed(entry);
    if (entry.method === 0) {
      this.#count(packed.length);
      yield packed;
      return;
    }
    const inflate = createInflateRaw({ chunkSize: 256 * 1024 });
    inflate.end(packed);
    try {
      for await (const piece of inflate) {
        this.#count((piece as Buffer).length);
        yield piece as Buffer;
      }
    } catch (thrown) {
      throw this.#translated(thrown);
    } finally {
      inflate.destroy();
    }
  }

  #packed(entry: ZipEntry): Uint8Array {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    const isThere = entry.offset + headerLength <= this.#bytes.length && view.getUint32(entry.offset, true) === headerSignature;
    if (!isThere || (entry.method !== 0 && entry.method !== 8)) throw this.#corrupt();
    const start = entry.offset + headerLength + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
    if (start + entry.compressedSize > this.#bytes.length) throw this.#corrupt();
    return this.#bytes.subarray(start, start + entry.compressedSize);
  }

  #count(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw this.#tooLarge();
  }

  #tooLarge(): CatalystError {
    return new CatalystError('PARSE_LIMIT_EXCEEDED', `The document unpacks to more than ${Math.round(this.#limits.unpackedBytes / megabyte)} MB.`);
  }

  #corrupt(cause?: unknown): CatalystError {
    return new CatalystError('CORRUPT_DOCUMENT', `The ${this.#limits.name} is damaged and cannot be unpacked.`, { cause });
  }

  #translated(thrown: unknown): unknown {
    if (thrown instanceof CatalystError) return thrown;
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return this.#tooLarge();
    return code.startsWith('Z_') ? this.#corrupt(thrown) : thrown;
  }
}
