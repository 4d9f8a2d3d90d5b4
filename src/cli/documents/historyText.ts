import type { DocumentHistory, DocumentVersion } from '../../contracts/library.ts';
import { count, whole } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';

/** The history of a document, newest first. */
export function historyText({ document, versions, requests, deletions }: DocumentHistory): string {
  const lines = [
    ...versions.map((version) => ({ at: version.publishedAt, text: versionText(version) })),
    ...requests.map(({ startedAt, finishedAt, jobId, subject, state, outcome, failure, workflow }) => ({
      at: finishedAt ?? startedAt ?? '',
      text: `request by ${oneLine(subject)}: ${state}${outcome === null ? '' : ` (${outcome})`}, job ${jobId}${failure === null ? '' : `\n      ${failure.code}: ${oneLine(failure.message)}`}${workflow === null ? '' : `\n      workflow ${workflow.id} run ${workflow.runId}`}\n`,
    })),
    ...deletions.map(({ requestedAt, subject, deletionId, finishedAt }) => ({ at: finishedAt ?? requestedAt, text: `deleted by ${oneLine(subject)}, deletion ${deletionId}\n` })),
  ].sort((left, right) => (left.at < right.at ? 1 : -1));
  const heading = `Document ${document.id}: ${oneLine(document.title ?? document.source?.location ?? '')}${document.deletedAt === null ? '' : ` (deleted ${document.deletedAt})`}\n`;
  return heading + lines.map(({ at, text }) => `  ${at || '                        '}  ${text}`).join('');
}

function versionText({ id, chunks, tokens, cost, replacedAt, artifacts, subject, jobId }: DocumentVersion): string {
  const price = cost === 0 ? '' : `, cost ${cost.toFixed(6)}`;
  const stored = artifacts.map(({ kind, length, uri, offset }) => `      ${kind.padEnd(8)} ${whole(length).padStart(12)} bytes  ${uri}${offset === 0 ? '' : ` at ${offset}`}\n`);
  return `version ${id}: ${count(chunks, 'chunk')}, ${count(tokens, 'token')}${price}${replacedAt === null ? ', visible' : `, replaced ${replacedAt}`}; by ${oneLine(subject)}, job ${jobId}\n${stored.join('')}`;
}
