/** Kinds of routes whose requests are counted apart. */
export const rateClasses = ['search', 'ingest', 'read', 'write'] as const;
export type RateClass = (typeof rateClasses)[number];

/** Requests of each class in a window; without a number there is no limit. */
export type RateQuotas = Readonly<Partial<Record<RateClass, number>>>;

/** Whose requests are counted together: all of a tenant, or those of one subject or API key. */
export type RateHolder = 'tenant' | 'caller';

/** Windows begin with each minute of the clock, so that processes count in the same ones. */
export const rateWindowSeconds = 60;

/** Days of UTC, of which searches have a quota. */
export const daySeconds = 86_400;
