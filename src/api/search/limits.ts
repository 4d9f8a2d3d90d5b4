/** A query with filters is small; ingestion alone needs the large limit. */
export const maximumSearchBytes = 1024 ** 2;
