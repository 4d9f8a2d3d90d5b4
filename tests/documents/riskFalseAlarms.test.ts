import { existsSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { riskOf } from '../../src/contracts/risk.ts';
import { findMarks } from '../../src/documents/risk/findMarks.ts';
import { findSequences } from '../../src/documents/risk/findSequences.ts';

/** Texts by people for people, beside the checkout; in none of them does anybody speak to a model. */
const folder = join(import.meta.dirname, '../../../shared/data');
const collections = [['scifact', 5_183], ['medquad-liveqa', 1_000]] as const;

describe.each(collections)('%s', (name, documents) => {
  const file = join(folder, name, 'corpus.jsonl');
  it.skipIf(!existsSync(file))('gives no alarm', async () => {
    let read = 0;
    const alarms: string[] = [];
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { title = '', text } = JSON.parse(line) as { title?: string; text: string };
      const whole = `${title}\n\n${text}`;
      read += 1;
      const found = [...findSequences(whole), ...findMarks(whole)];
      if (riskOf(found.map(({ kind }) => kind)) !== undefined) alarms.push(...found.map(({ kind, start, end }) => `${kind}: ${whole.slice(start, end)}`));
    }
    expect(read).toBeGreaterThanOrEqual(documents);
    expect(alarms).toEqual([]);
  }, 120_000);
});
