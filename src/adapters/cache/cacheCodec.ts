/** How the values of a cache are weighed and written down. */
export interface CacheCodec<Value> {
  /** Bytes in memory, roughly. */
  weigh(value: Value): number;
  /** JSON. */
  encode(value: Value): string;
  /** Undefined for a text that is not such a value, such as one written by another release. */
  decode(text: string): Value | undefined;
}
