import type { Findings } from '../snapshot/snapshot.ts';

/** What the disturbed run holds otherwise than the undisturbed one, and what neither may hold. */
export function differencesBetween(undisturbed: Findings, disturbed: Findings): string[] {
  const differences: string[] = [];
  for (const [name, value] of undisturbed.facts) {
    const found = disturbed.facts.get(name);
    if (found === undefined) differences.push(`lost: ${name}: ${value}`);
    else if (found !== value) differences.push(`changed: ${name}: ${value} became ${found}`);
  }
  for (const [name, value] of disturbed.facts) if (!undisturbed.facts.has(name)) differences.push(`added: ${name}: ${value}`);
  return [...differences, ...disturbed.violations, ...undisturbed.violations.map((violation) => `without any fault: ${violation}`)];
}
