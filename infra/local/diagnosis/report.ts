import type { Finding } from './finding.ts';

const marks = { ok: 'ok    ', idle: '-     ', broken: 'BROKEN' } as const;

/** The findings for a person: one line each, and under it how to mend what is broken. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  return findings.map((finding) => renderFinding(finding, width)).join('\n');
}

function renderFinding(finding: Finding, width: number): string {
  const indent = ' '.repeat(width + 10);
  const latency = finding.latencyMilliseconds === undefined ? '' : ` in ${finding.latencyMilliseconds} ms`;
  const chosen = [finding.origin === 'none' ? undefined : finding.origin, finding.version, finding.location].filter((part) => part !== undefined).join(', ');
  const lines = [`${marks[finding.condition]}  ${finding.name.padEnd(width)}  ${finding.detail.replaceAll('\n', `\n${indent}`)}${latency}`];
  if (chosen !== '') lines.push(`${indent}${chosen}`);
  if (finding.remedy !== undefined) lines.push(`${indent}${finding.condition === 'broken' ? 'mend: ' : ''}${finding.remedy}`);
  return lines.join('\n');
}
