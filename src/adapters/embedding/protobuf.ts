/**
 * As much of the protobuf wire format as it takes to change a few nodes of an ONNX model and copy the rest:
 * a message is a list of fields, and a field that is not looked at is carried over as the bytes it was.
 */
export interface Field {
  readonly number: number;
  /** Key and content, as they stand in the message. */
  readonly raw: Uint8Array;
  /** Content of a length-delimited field (text, bytes, message); empty for the others. */
  readonly content: Uint8Array;
}

const lengthDelimited = 2;
/** Bytes of the fixed-size wire types. */
const fixedSizes: Readonly<Record<number, number | undefined>> = { 1: 8, 5: 4 };

/** Throws RangeError on what is not a message. */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let position = 0; position < message.length; ) {
    const start = position;
    const key = readVarint(message, position);
    const wireType = key.value % 8;
    const first = wireType === 0 || wireType === lengthDelimited ? readVarint(message, key.next) : undefined;
    const contentStart = first?.next ?? key.next;
    const size = wireType === 0 ? 0 : wireType === lengthDelimited ? first!.value : fixedSizes[wireType];
    if (size === undefined || contentStart + size > message.length) throw new RangeError(`No protobuf field at byte ${start}.`);
    position = contentStart + size;
    const content = wireType === lengthDelimited ? message.subarray(contentStart, position) : message.subarray(0, 0);
    fields.push({ number: Math.floor(key.value / 8), raw: message.subarray(start, position), content });
  }
  return fields;
}

export function bytesField(number: number, ...content: readonly Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(number * 8 + lengthDelimited), varint(size), ...content]);
}

export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, Buffer.from(text, 'utf8'));
}

export function integerField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    // Multiplied, not shifted: lengths and offsets may exceed 31 bits.
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  throw new RangeError(`No protobuf number at byte ${start}.`);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
