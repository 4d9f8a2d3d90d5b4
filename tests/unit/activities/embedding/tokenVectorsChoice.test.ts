import { describe, expect, it } from 'vitest';
import { vectorsVersion } from '../../../../src/activities/embedding/textVectors.ts';
import { chooseTokenVectors, embedderFor } from '../../../../src/activities/embedding/tokenVectorsChoice.ts';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { SearchSettings } from '../../../../src/contracts/searchSettings.ts';
import type { Embedder } from '../../../../src/ports/embedder.ts';

const plain = createStubEmbedder({ dimension: 8 });
const withTokens: Embedder = { ...plain, tokenVectors: { version: 'codes-1', embedPassages: () => Promise.reject(new Error('not asked')), embedQueryTokens: () => Promise.reject(new Error('not asked')) } };

function settingsOf(tenants: Record<string, SearchSettings>) {
  const asked: string[] = [];
  const read = (tenant: string) => {
    asked.push(tenant);
    return Promise.resolve({ ...tenants[tenant], revision: 1 });
  };
  return { asked, read };
}

describe('what a tenant wants of token vectors', () => {
  it('is no more than the deployment has, and nothing else than the tenant itself has set', async () => {
    const searchSettings = settingsOf({ without: { tokenVectors: 'off' }, with: { tokenVectors: 'on' }, other: { termWeights: { NSAID: 2 } } });
    const chosen = (tenant: string, embedder: Embedder) => chooseTokenVectors({ embedder, searchSettings }, tenant);
    expect(await chosen('without', withTokens)).toEqual({ tokenVectors: 'off' });
    for (const tenant of ['with', 'other', 'unknown']) expect(await chosen(tenant, withTokens)).toEqual({});
    expect(searchSettings.asked).toEqual(['without', 'with', 'other', 'unknown']);
  });

  it('is not asked where the deployment keeps none', async () => {
    const searchSettings = settingsOf({ without: { tokenVectors: 'off' } });
    expect(await chooseTokenVectors({ embedder: plain, searchSettings }, 'without')).toEqual({});
    expect(searchSettings.asked).toEqual([]);
  });

  it('is asked anew for each call, and an outage is not taken for a wish', async () => {
    const settings: Record<string, SearchSettings> = {};
    const searchSettings = settingsOf(settings);
    expect(await chooseTokenVectors({ embedder: withTokens, searchSettings }, 'a')).toEqual({});
    settings['a'] = { tokenVectors: 'off' };
    expect(await chooseTokenVectors({ embedder: withTokens, searchSettings }, 'a')).toEqual({ tokenVectors: 'off' });
    const away = { read: () => Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'Away.')) };
    await expect(chooseTokenVectors({ embedder: withTokens, searchSettings: away }, 'a')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });

  it('takes the token vectors from the embedder and leaves the rest, so that versions are those of a deployment without', async () => {
    expect(embedderFor(withTokens, {})).toBe(withTokens);
    const without = embedderFor(withTokens, { tokenVectors: 'off' });
    expect(without.tokenVectors).toBeUndefined();
    expect(await without.embedPassages(['a'])).toEqual(await withTokens.embedPassages(['a']));
    expect(vectorsVersion(without)).toBe(vectorsVersion(plain));
    expect(vectorsVersion(without)).not.toBe(vectorsVersion(withTokens));
  });
});
