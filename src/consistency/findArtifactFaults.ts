import type { ArtifactReference } from '../contracts/artifacts.ts';

/** An object as the store lists it. `mark` changes whenever its bytes are written. */
export interface ListedObject {
  readonly uri: string;
  readonly bytes: number;
  readonly mark: string;
}

/** What a record needs of an object. */
export interface NeededObject {
  readonly uri: string;
  readonly references: readonly ArtifactReference[];
  /** Digest of mark and references when its bytes were last found right; null: never. */
  readonly seal: string | null;
  /** How long it was then; null: not known. */
  readonly bytes: number | null;
}

export interface ComparedObjects {
  /** Needed, and not listed. */
  readonly missing: readonly NeededObject[];
  /** Listed, and too short for what is needed of them. */
  readonly short: readonly NeededObject[];
  /** Whose bytes have to be read: they, or what is needed of them, changed since they were last found right. */
  readonly unsealed: readonly { readonly needed: NeededObject; readonly listed: ListedObject }[];
  /** Listed, and needed by no record of these. */
  readonly unneeded: readonly ListedObject[];
}

/** Compares what records need with what the store lists, of the same range of addresses. `sealOf` names mark and references together. */
export function compareObjects(needed: readonly NeededObject[], listed: readonly ListedObject[], sealOf: (needed: NeededObject, listed: ListedObject) => string): ComparedObjects {
  const objects = new Map(listed.map((object) => [object.uri, object]));
  const missing: NeededObject[] = [];
  const short: NeededObject[] = [];
  const unsealed: { needed: NeededObject; listed: ListedObject }[] = [];
  for (const need of needed) {
    const object = objects.get(need.uri);
    if (object === undefined) missing.push(need);
    else if (need.references.some(({ offset, length }) => offset + length > object.bytes)) short.push(need);
    else if (need.seal !== sealOf(need, object)) unsealed.push({ needed: need, listed: object });
  }
  const wanted = new Set(needed.map(({ uri }) => uri));
  return { missing, short, unsealed, unneeded: listed.filter(({ uri }) => !wanted.has(uri)) };
}
