/** Identifiers of documents from one, included, to another, left out; null: to the end. */
export interface BucketRange {
  readonly from: string;
  readonly to: string | null;
}

const documentsPerBucket = 128;
const prefixes = 2 ** 32;

/** How many buckets so many documents are compared in. */
export function bucketCount(documents: number): number {
  return Math.max(1, Math.min(2 ** 24, Math.ceil(documents / documentsPerBucket)));
}

/** A bucket by its number: an equal share of all identifiers, which are spread evenly since they are digests. */
export function bucketRange(number: number, buckets: number): BucketRange {
  return { from: identifierAt(boundary(number, buckets)), to: number + 1 >= buckets ? null : identifierAt(boundary(number + 1, buckets)) };
}

function boundary(number: number, buckets: number): number {
  return Math.floor((number * prefixes) / buckets);
}

function identifierAt(prefix: number): string {
  return `${prefix.toString(16).padStart(8, '0')}-0000-0000-0000-000000000000`;
}
