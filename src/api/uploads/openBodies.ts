import type { Readable } from 'node:stream';

/** The files of a request whose end busboy has not announced; from malformed input it leaves some open for ever. */
export interface OpenBodies {
  add(body: Readable): void;
  any(): boolean;
  /** Breaks off those that are open, so that whoever reads them learns that there is no more. */
  destroy(): void;
}

export function createOpenBodies(): OpenBodies {
  const open = new Set<Readable>();
  return {
    add(body) {
      // A stream that breaks before its turn must not end the process; whoever reads it learns of it.
      body.on('error', () => undefined);
      open.add(body);
      const push = body.push.bind(body);
      body.push = (chunk, encoding) => {
        if (chunk === null) open.delete(body);
        return push(chunk, encoding);
      };
    },
    any: () => open.size > 0,
    destroy() {
      for (const body of open) body.destroy(new Error('the file was cut short'));
      open.clear();
    },
  };
}
