import type { FetchRecord } from '../../contracts/fetched.ts';

/** Headers that say something of the content, or of what may be done with it. */
const kept = ['content-type', 'content-length', 'content-language', 'content-disposition', 'content-location', 'last-modified', 'etag', 'cache-control', 'expires', 'date', 'link', 'x-robots-tag'];
const longestValue = 1_000;

/** What is kept of an answer beside its body. */
export function fetchRecord(finalUrl: string, status: number, header: (name: string) => string | undefined): FetchRecord {
  const headers = Object.fromEntries(kept.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, value.slice(0, longestValue)]];
  }));
  const { etag, 'last-modified': lastModified } = headers;
  return {
    finalUrl,
    fetchedAt: new Date().toISOString(),
    status,
    headers,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}
