/** What a number takes in JSON, about; scores have as many digits as there are. */
const numberLength = 12;

/** About how many characters the JSON of a value has, without writing it: that took 6 % of a search's own time. Escapes are not counted. */
export function jsonLength(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'number':
      return numberLength;
    case 'object':
      return value === null ? 4 : containerLength(value);
    case 'undefined':
      return 0;
    default:
      return 5;
  }
}

function containerLength(value: object): number {
  let length = 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) length += jsonLength(item) + 1;
    return length;
  }
  for (const [name, item] of Object.entries(value)) if (item !== undefined) length += name.length + 4 + jsonLength(item);
  return length;
}
