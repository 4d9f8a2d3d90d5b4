const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C under npm arrives twice, from the terminal and from npm: only a later one is a second wish. */
const sameWishWithin = 1_000;

/** Listens for the wish to end: the first aborts the returned signal, a second one calls `force`. */
export function listenForInterruption(force: () => void): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt > sameWishWithin) {
      force();
    }
  };
  for (const name of signals) process.on(name, onSignal);
  return controller.signal;
}
