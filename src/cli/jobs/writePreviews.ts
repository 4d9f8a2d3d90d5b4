import type { Job, Preview } from '../../contracts/jobs.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { count, whole } from '../output/numbers.ts';
import { styleOf } from '../output/terminal.ts';
import { documentLine } from './jobText.ts';

/** Prints what dry runs found out about each document, and what it comes to in all. */
export async function writePreviews(client: CatalystClient, context: CliContext, jobs: readonly Pick<Job, 'id'>[]): Promise<void> {
  const style = styleOf(context.stdout, context.environment);
  const total = { documents: 0, changing: 0, chunks: 0, tokens: 0 };
  for (const { id } of jobs) {
    for await (const document of client.listJobDocuments(id, { pageSize: 500, signal: context.signal })) {
      context.stdout.write(documentLine(document, style));
      if (document.preview !== null) add(total, document.preview);
    }
  }
  context.stdout.write(`In all ${count(total.chunks, 'chunk')}, ${count(total.tokens, 'token')}; ${whole(total.changing)} of ${count(total.documents, 'document')} would be written.\n`);
}

function add(total: { documents: number; changing: number; chunks: number; tokens: number }, { change, chunks, tokens }: Preview): void {
  total.documents += 1;
  if (change === 'none') return;
  total.changing += 1;
  total.chunks += chunks;
  total.tokens += tokens;
}
