import { inflateSync } from 'node:zlib';

const keyword = Buffer.from(' obj');
const longestDictionary = 4096;
const mostUnpackedBytes = 64 * 1024 * 1024;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Bytes of a compressed stream. Throws when they are damaged or cut off. */
export function inflate(packed: Uint8Array): Buffer {
  return inflateSync(packed, { maxOutputLength: mostUnpackedBytes });
}

/** An object of the file: its dictionary as text, and where the stream of bytes that follows it begins. */
interface RawObject {
  readonly dictionary: string;
  readonly stream: Uint8Array | undefined;
}

/**
 * The objects of a PDF as they stand in the file, for questions that the library does not answer: it repairs what it can, and does not
 * tell. Finds them by their marks alone; where a number occurs twice, the later one counts, as an update of the file.
 */
export class RawObjects {
  readonly #bytes: Buffer;
  readonly #offsets = new Map<number, number>();
  #packed: Map<number, string> | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = this.#bytes.indexOf(keyword); at !== -1; at = this.#bytes.indexOf(keyword, at + keyword.length)) {
      const number = this.#numberBefore(at);
      if (number !== undefined) this.#offsets.set(number, at + keyword.length);
    }
  }

  /** Encrypted streams cannot be judged from outside. */
  get isEncrypted(): boolean {
    return this.#bytes.includes('/Encrypt');
  }

  object(number: number): RawObject | undefined {
    const offset = this.#offsets.get(number);
    if (offset !== undefined) return this.#read(offset);
    this.#packed ??= this.#unpackAll();
    const dictionary = this.#packed.get(number);
    return dictionary === undefined ? undefined : { dictionary, stream: undefined };
  }

  /** The number of the object in "12 0 obj", given where " obj" begins. */
  #numberBefore(at: number): number | undefined {
    const start = Math.max(0, at - 18);
    const found = /(?:^|[^\d])(\d{1,10}) \d{1,5}$/.exec(this.#bytes.toString('latin1', start, at));
    return found === null || !isDigit(this.#bytes[at - 1]) ? undefined : Number(found[1]);
  }

  #read(offset: number): RawObject {
    const head = this.#bytes.toString('latin1', offset, offset + longestDictionary);
    const mark = /\bstream\r?\n/.exec(head);
    const end = head.indexOf('endobj');
    if (mark === null || (end !== -1 && end < mark.index)) return { dictionary: end === -1 ? head : head.slice(0, end), stream: undefined };
    const start = offset + mark.index + mark[0].length;
    const finish = this.#bytes.indexOf('endstream', start);
    return { dictionary: head.slice(0, mark.index), stream: this.#bytes.subarray(start, finish === -1 ? undefined : finish) };
  }

  /** Objects that newer files pack into streams. */
  #unpackAll(): Map<number, string> {
    const objects = new Map<number, string>();
    for (const offset of this.#offsets.values()) {
      const { dictionary, stream } = this.#read(offset);
      if (stream === undefined || !/\/Type\s*\/ObjStm\b/.test(dictionary)) continue;
      for (const [number, text] of unpack(dictionary, stream)) objects.set(number, text);
    }
    return objects;
  }
}

function unpack(dictionary: string, stream: Uint8Array): [number, string][] {
  const first = Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? Number.NaN);
  if (!Number.isInteger(first)) return [];
  try {
    const text = inflate(stream).toString('latin1');
    const numbers = text.slice(0, first).trim().split(/\s+/).map(Number);
    return numbers.flatMap((number, index): [number, string][] => {
      const start = numbers[index + 1];
      return index % 2 === 0 && start !== undefined ? [[number, text.slice(first + start, numbers[index + 3] === undefined ? undefined : first + (numbers[index + 3] ?? 0))]] : [];
    });
  } catch {
    // A damaged pack tells nothing of what it held.
    return [];
  }
}
