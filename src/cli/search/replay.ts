import { receiptSchema } from '../../contracts/receipts.ts';
import type { ReceiptLine, ReplayResponse } from '../../contracts/receipts.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { count } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';
import { readJsonFile } from '../readJsonFile.ts';

/** Ends with 1 where anything differs, so that scripts can tell. */
export async function replay(client: CatalystClient, context: CliContext, file: string, json: boolean): Promise<ExitCode> {
  const receipt = await readJsonFile(context, file, receiptSchema, 'a receipt of a search');
  const answer = await client.replaySearch(receipt, { signal: context.signal });
  if (json) writeJson(context, answer);
  else context.stdout.write(replayText(answer));
  return answer.same ? exitCodes.success : exitCodes.failure;
}

function replayText({ same, asOf, generation, reasons, differences }: ReplayResponse): string {
  const elsewhere = generation.then === generation.now ? '' : `, from ${oneLine(generation.now)} instead of ${oneLine(generation.then)}`;
  if (same) return `The same, bit by bit, as of ${asOf}${elsewhere}.\n`;
  const heading = `Not the same as of ${asOf}${elsewhere}: ${count(differences.length, 'result')} ${differences.length === 1 ? 'differs' : 'differ'}.\n`;
  const why = reasons.map(({ code, detail }) => `  ${code}: ${oneLine(detail)}\n`).join('');
  return heading + why + differences.map(({ rank, then, now }) => `  ${rank}. then ${lineText(then)}\n     now  ${lineText(now)}\n`).join('');
}

function lineText(line: ReceiptLine | null): string {
  return line === null ? 'nothing' : `passage ${line.chunkId} of document ${line.documentId}, score ${line.score}`;
}
