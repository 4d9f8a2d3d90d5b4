/** Undefined where the work takes longer, or fails after that; it goes on all the same. Rejects where it fails in time. */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const clock: { timer?: NodeJS.Timeout } = {};
  const late = new Promise<undefined>((resolve) => void (clock.timer = setTimeout(() => resolve(undefined), ms)));
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(clock.timer));
}
