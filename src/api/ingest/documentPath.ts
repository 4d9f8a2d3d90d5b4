import { jobLinks } from './jobLinks.ts';

/** A document's own address is the page of one document that starts after the index before it. */
export function documentPath(jobId: string, index: number): string {
  return `${jobLinks(jobId).documents}?${index === 0 ? '' : `cursor=${index - 1}&`}limit=1`;
}
