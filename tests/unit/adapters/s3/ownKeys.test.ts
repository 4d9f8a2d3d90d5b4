import { describe, expect, it } from 'vitest';
import { contentKey, isOwnKey, uploadKey } from '../../../../src/adapters/s3/s3Keys.ts';
import { artifactKinds } from '../../../../src/contracts/artifacts.ts';
import { digestOf } from '../../../../src/contracts/identifiers.ts';

describe('keys within the area of a tenant', () => {
  it('are told to be ours for every kind of artifact, and for uploads', () => {
    for (const kind of artifactKinds) expect(isOwnKey('acme', contentKey('acme', kind, digestOf(kind)))).toBe(true);
    expect(isOwnKey('acme', uploadKey('acme', 'report.pdf'))).toBe(true);
  });

  it.each(['incoming/report.pdf', 'raw/report.pdf', 'raw/ab/report.pdf', `raw/ab/${'f'.repeat(63)}`, `backup/ab/${'f'.repeat(64)}`, 'report.pdf', `raw/ab/${'f'.repeat(64)}/x`])(
    'are told to be the tenant’s own: %s',
    (name) => {
      expect(isOwnKey('acme', `tenants/acme/${name}`)).toBe(false);
    },
  );
});
