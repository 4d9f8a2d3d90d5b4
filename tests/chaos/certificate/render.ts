import type { Certificate } from './certificate.ts';

export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly commit: string;
  readonly command: string;
}

/** The certificate for readers. */
export function renderCertificate(certificate: Certificate, circumstances: Circumstances): string {
  const { kills, faults, documents, chunks, differences, reembeddedShare, embedding, searches, jobs, seconds, leftovers } = certificate;
  const percent = `${(reembeddedShare * 100).toFixed(2)} %`;
  return [
    '# Chaos certificate',
    '',
    `${documents} documents (${chunks} chunks) were ingested twice, each time into a stack of its own: once undisturbed, once while processes were killed with -9 and connections failed. What both runs hold in the end was read from the stores themselves and compared.`,
    '',
    '| what | figure |',
    '|---|---|',
    `| kills while documents were in work | ${kills} |`,
    `| faults of connections meanwhile | ${faults} |`,
    `| **differences** | **${differences}** |`,
    `| **embedded again** | **${percent}** of the tokens (${embedding.tokensAgain} of ${embedding.tokens}; ${embedding.textsAgain} texts) |`,
    `| jobs | ${jobs.undisturbed} undisturbed, ${jobs.disturbed} disturbed: ${certificate.requestsSentAgain} requests were sent again |`,
    `| searches meanwhile | ${searches.found} right, ${searches.refused} refused, ${searches.wrong} wrong |`,
    `| seconds | ${seconds.undisturbed} undisturbed, ${seconds.disturbed} disturbed |`,
    `| left over | objects in S3 that nothing names: ${inWords(leftovers.objects) || 'none'}; kept parts of embeddings: ${leftovers.keptParts} |`,
    `| steps that hit nothing, not counted | ${certificate.missed} |`,
    '',
    `Kills: ${inWords(certificate.killsByTarget)}. Faults: ${inWords(certificate.faultsByKind)}; connections to ${inWords(certificate.faultsByConnection)}.`,
    '',
    ...(differences === 0 ? [] : ['## Differences', '', ...certificate.examples.map((example) => `- ${example}`), '']),
    `Seed ${certificate.seed}; ${circumstances.date}; ${circumstances.machine}; commit ${circumstances.commit}; \`${circumstances.command}\`.`,
    '',
  ].join('\n');
}

function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ');
}
