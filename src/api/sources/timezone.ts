/** Why a name is no timezone, as a sentence. The workflow service knows the names of the IANA database, in their own spelling, and no offsets. */
export function timezoneObjection(name: string): string | undefined {
  const resolved = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name) ? resolve(name) : undefined;
  if (resolved === undefined) return 'There is no timezone of this name; use one of the IANA database, such as "Europe/Berlin" or "UTC".';
  return resolved !== name && resolved.toLowerCase() === name.toLowerCase() ? `The timezone is spelt "${resolved}".` : undefined;
}

function resolve(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // What it throws says no more than this.
    return undefined;
  }
}
