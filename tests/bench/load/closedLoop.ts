/** Callers each of whom sends the next request when the last is answered, until as many have been sent as are wanted. */
export async function callTimes(callers: number, times: number, call: () => Promise<void>): Promise<void> {
  let left = times;
  const caller = async () => {
    for (; left > 0; ) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** Answers a second that callers get who ask for so long. */
export async function callFor(callers: number, seconds: number, call: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  let answers = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await call();
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return answers / ((performance.now() - startedAt) / 1_000);
}
