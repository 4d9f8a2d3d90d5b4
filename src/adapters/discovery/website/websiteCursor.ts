import { z } from 'zod';

/** What a crawl remembers from step to step. */
export const websiteCursorSchema = z.object({
  /** Hosts of the first page and of where it redirects to. */
  hosts: z.array(z.string()),
  /** Failed or held-up addresses that are tried again: tries so far, and the time (ms) before which it is of no use. */
  retries: z.record(z.string(), z.object({ tries: z.int(), notBefore: z.number() })),
  /** By address that is still to be looked at: the addresses that led to it by redirect or canonical link. */
  chains: z.record(z.string(), z.array(z.string())),
  /** First bytes of the digests of all documents, one after the other, in base64: tells the same page under another address. */
  digests: z.string(),
  /** Looks at one path under different queries. */
  variations: z.record(z.string(), z.int()),
  /** By kind; the first sentence of a kind stands. */
  gaps: z.record(z.string(), z.string()),
});
export type WebsiteCursor = z.infer<typeof websiteCursorSchema>;

/** Eight bytes: among a million documents two are taken for one by chance with a likelihood of 3 in 100 million. */
const digestBytes = 8;
const mostDigests = 20_000;

/** The digests of a cursor as a set, in the order in which they came. */
export function unpackDigests(packed: string): Set<string> {
  const hex = Buffer.from(packed, 'base64').toString('hex');
  return new Set(hex.match(new RegExp(`.{${digestBytes * 2}}`, 'g')) ?? []);
}

/** The newest ones, so that the cursor stays small. */
export function packDigests(digests: ReadonlySet<string>): string {
  return Buffer.from([...digests].slice(-mostDigests).join(''), 'hex').toString('base64');
}

/** How a digest is remembered. */
export function shortDigest(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + digestBytes * 2);
}

const mostChains = 2_000;
const longestChain = 10;

/** Remembers that `from`, which is done with, leads to `to`; false where that closes a circle, or the way is too long. */
export function extendChain(chains: Map<string, string[]>, from: string, to: string): boolean {
  const way = [...(chains.get(from) ?? []), from];
  if (way.includes(to) || way.length > longestChain) return false;
  chains.delete(from);
  chains.delete(to);
  for (const oldest of chains.keys()) {
    if (chains.size < mostChains) break;
    chains.delete(oldest);
  }
  chains.set(to, way);
  return true;
}
