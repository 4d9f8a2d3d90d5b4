export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${whole(value)} ${value === 1 ? noun : plural}`;
}

export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** Documents a second with as many digits as say something. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return whole(Math.round(perSecond));
  return perSecond.toFixed(perSecond >= 1 ? 1 : 2);
}

/** `42 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${String(rounded % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
