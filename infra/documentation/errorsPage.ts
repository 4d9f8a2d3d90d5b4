import { retryClassOf, retryTable } from '../../src/activities/retries/retryTable.ts';
import { errorTable } from '../../src/contracts/errors.ts';
import type { ErrorClass, ErrorCode } from '../../src/contracts/errors.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';

const introduction = `Every failure of the API is answered as problem details (RFC 9457) with one of these codes; documents that failed carry the same codes, with the same remedies. A running API shows this table under \`/docs/errors\`.

*Retried* says what ingestion does by itself: **no**: the document fails at once; **until it answers**: an outage of what the product depends on is waited for, for a day ([retries](retries.md)); **N times**: so many tries in all, then the document fails. A client may repeat a call that failed with any code that is retried.`;

const heading = ['Code', 'Status', 'Retried', 'Meaning', 'What to do'];

/** `docs/reference/errors.md`. */
export function errorsPage(): string {
  const entries = Object.entries(errorTable) as [ErrorCode, ErrorClass][];
  const rows = entries.map(([code, { status, title, remedy }]) => [codeText(code), String(status), retriedText(code), `${title}.`, remedy]);
  return madePage('Error codes', 'src/contracts/errors.ts and src/activities/retries/retryTable.ts', introduction, markdownTable(heading, rows));
}

function retriedText(code: ErrorCode): string {
  const name = retryClassOf(code);
  if (name === undefined) return 'no';
  const { attempts } = retryTable[name];
  return attempts === null ? 'until it answers' : `${attempts} times`;
}
