import type { AttackAnswer, AttackRequest, Call } from './caller.ts';
import type { Tripwires } from './tripwires.ts';

export interface Finding {
  /** `METHOD /path` as the OpenAPI document names it. */
  readonly route: string;
  readonly attack: string;
  readonly what: string;
}

/** Counts what was tried and keeps what came of it. Every answer to the attacker goes through here. */
export interface Session {
  readonly attempts: number;
  readonly byAttack: Readonly<Record<string, number>>;
  /** What told of the other tenant, or changed it. */
  readonly leaks: readonly Finding[];
  /** Answers that no request should get, whoever sends it. */
  readonly failures: readonly Finding[];
  try(call: Call, route: string, attack: string, request: AttackRequest): Promise<AttackAnswer>;
  leak(finding: Finding): void;
}

export function createSession(tripwires: Tripwires): Session {
  const byAttack: Record<string, number> = {};
  const leaks: Finding[] = [];
  const failures: Finding[] = [];
  let attempts = 0;
  return {
    get attempts() {
      return attempts;
    },
    byAttack,
    leaks,
    failures,
    async try(call, route, attack, request) {
      attempts += 1;
      const kind = attack.split(':', 1)[0] ?? attack;
      byAttack[kind] = (byAttack[kind] ?? 0) + 1;
      const answer = await call(request);
      const found = tripwires.found(`${JSON.stringify(answer.headers)}\n${answer.text}`, sentText(request));
      if (found.length > 0) leaks.push({ route, attack, what: `${answer.status} holds ${found.slice(0, 3).join(', ')}: ${excerpt(answer.text, found[0] ?? '')}` });
      if (answer.status >= 500) failures.push({ route, attack, what: `${answer.status}: ${answer.text.slice(0, 300)}; sent ${sentText(request).slice(0, 300)}` });
      return answer;
    },
    leak: (finding) => void leaks.push(finding),
  };
}

function sentText({ method, path, headers, body }: AttackRequest): string {
  return `${method} ${path}\n${JSON.stringify(headers ?? {})}\n${typeof body === 'string' ? body : ''}`;
}

function excerpt(text: string, found: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(found));
  return text.slice(Math.max(0, at - 60), at + 120).replaceAll(/\s+/g, ' ');
}
