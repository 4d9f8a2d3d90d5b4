/** Processor time of the thread that asks: exact where it does one thing at a time. */
export interface ProcessorTime {
  /** Since it was started. */
  seconds(): number;
}

export function startProcessorTime(): ProcessorTime {
  const before = process.threadCpuUsage();
  return {
    seconds() {
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1_000_000;
    },
  };
}
