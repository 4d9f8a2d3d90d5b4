import { describe, expect, it } from 'vitest';
import { compareObjects } from '../../../src/consistency/findArtifactFaults.ts';
import type { ListedObject, NeededObject } from '../../../src/consistency/findArtifactFaults.ts';
import { digestOf } from '../../../src/contracts/identifiers.ts';

const needed = (uri: string, end: number, seal: string | null): NeededObject => ({ uri, seal, bytes: null, references: [{ uri, offset: 0, length: end, digest: digestOf(uri), mediaType: 'x' }] });
const listed = (uri: string, bytes: number, mark = '1'): ListedObject => ({ uri, bytes, mark });
const sealOf = (need: NeededObject, { mark }: ListedObject) => `${need.uri} ${mark}`;

describe('objects that are needed and objects that are listed', () => {
  it('are sorted into what is missing, too short, to be read, and needed by nothing', () => {
    const compared = compareObjects(
      [needed('a', 5, 'a 1'), needed('b', 5, null), needed('c', 5, 'c 1'), needed('d', 9, 'd 1'), needed('e', 1, null)],
      [listed('a', 5), listed('b', 5), listed('c', 5, '2'), listed('d', 5), listed('f', 3)],
      sealOf,
    );
    expect({
      missing: compared.missing.map(({ uri }) => uri),
      short: compared.short.map(({ uri }) => uri),
      unsealed: compared.unsealed.map((each) => each.needed.uri),
      unneeded: compared.unneeded.map(({ uri }) => uri),
    }).toEqual({ missing: ['e'], short: ['d'], unsealed: ['b', 'c'], unneeded: ['f'] });
  });
});
