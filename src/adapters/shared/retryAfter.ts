const longestWaitMs = 24 * 60 * 60 * 1_000;

/** The milliseconds that a Retry-After header (seconds, or an HTTP date) asks to wait: undefined where it is missing or not readable. */
export function retryAfterMs(header: string | null | undefined, now = Date.now()): number | undefined {
  if (header === null || header === undefined) return undefined;
  const value = header.trim();
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1_000), longestWaitMs);
  // Date.parse takes many things for dates, "-5" among them: an HTTP date begins with the name of the day.
  const date = /^(mon|tue|wed|thu|fri|sat|sun)/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), longestWaitMs);
}

/** As an options object for CatalystError, which takes no undefined values. */
export function retryAfterOption(header: string | null | undefined): { readonly retryAfterMs?: number } {
  const milliseconds = retryAfterMs(header);
  return milliseconds === undefined ? {} : { retryAfterMs: milliseconds };
}

/** The milliseconds that a sentence asks to wait, for services that say so in the text only: "please retry after 23s, resets at noon". */
export function retryAfterInText(text: string): number | undefined {
  const written = /retry[ -]after:?\s*(\d+(?:\.\d+)?)\s*(ms|minutes?|min|m|seconds?|sec|s)?\b/i.exec(text);
  if (written === null) return undefined;
  const unit = (written[2] ?? 's').toLowerCase();
  return Math.min(Math.ceil(Number(written[1]) * (unit === 'ms' ? 1 : unit.startsWith('m') ? 60_000 : 1_000)), longestWaitMs);
}
