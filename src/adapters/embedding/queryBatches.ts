import { toCatalystError } from '../../contracts/errors.ts';

export interface QueryBatchesOptions {
  /** One vector a text, in order. */
  readonly embedAll: (texts: readonly string[]) => Promise<readonly Float32Array[]>;
  readonly maximumTexts: number;
  /** Milliseconds for which texts are gathered while a batch is under way. */
  readonly gatherMs?: number;
}

/** Texts that go out together, each once, and who waits for their vectors. */
type Batch = Map<string, PromiseWithResolvers<Float32Array>>;

/**
 * Gathers the queries of concurrent searches into batches. One that comes alone goes out at the end of the tick: waiting would gain nothing.
 * While a batch is under way the endpoint is busy, and others are worth 2 ms of waiting. A text that several ask for is sent once.
 * An endpoint that refuses a batch may have refused one text of it (too long, say): then its halves are tried, so that nobody fails by his neighbour.
 */
export function createQueryBatches({ embedAll, maximumTexts, gatherMs = 2 }: QueryBatchesOptions): (text: string) => Promise<Float32Array> {
  let gathering: Batch = new Map();
  let underWay = 0;

  function send(batch: Batch): void {
    // A full batch went out before its time.
    if (batch !== gathering) return;
    gathering = new Map();
    underWay += 1;
    void settle(batch, [...batch.keys()], embedAll).finally(() => (underWay -= 1));
  }

  return (text) => {
    const batch = gathering;
    const asked = batch.get(text);
    if (asked !== undefined) return asked.promise;
    const waiting = Promise.withResolvers<Float32Array>();
    batch.set(text, waiting);
    if (batch.size >= maximumTexts) send(batch);
    else if (batch.size === 1) {
      if (underWay === 0) setImmediate(send, batch);
      else setTimeout(send, gatherMs, batch);
    }
    return waiting.promise;
  };
}

/** Never rejects: whoever waits for a text hears how it ended. */
async function settle(batch: Batch, texts: readonly string[], embedAll: QueryBatchesOptions['embedAll']): Promise<void> {
  try {
    const vectors = await embedAll(texts);
    texts.forEach((text, position) => batch.get(text)?.resolve(vectors[position]!));
  } catch (thrown) {
    const error = toCatalystError(thrown);
    if (error.code !== 'EMBEDDER_REJECTED' || texts.length === 1) return texts.forEach((text) => batch.get(text)?.reject(error));
    const middle = Math.ceil(texts.length / 2);
    await Promise.all([settle(batch, texts.slice(0, middle), embedAll), settle(batch, texts.slice(middle), embedAll)]);
  }
}
