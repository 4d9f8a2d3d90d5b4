import { pino } from 'pino';
import type { Logger } from 'pino';
import { isBackupEvent } from '../contracts/events.ts';
import type { BackupEvent, DomainEvent } from '../contracts/events.ts';
import { redactText as withoutPersonalData } from '../privacy/redact.ts';

const secretPaths = ['authorization', 'token', 'apiKey', 'password', 'secret', 'secretAccessKey', 'cookie'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `headers.${name}`]);

/** Things that look like credentials within free text, such as an error message that quotes an address. */
const secretPatterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer\s+)[\w.~+/=-]{8,}/gi, '$1[redacted]'],
  [/\b(catalyst_[a-z2-7]{12}_)[\w-]{16,}/g, '$1[redacted]'],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '[redacted]'],
  [/\b(Basic\s+)[A-Za-z0-9+/]{8,}={0,2}/g, '$1[redacted]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[redacted]'],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?-----END [A-Z ]{0,30}PRIVATE KEY-----/g, '[redacted]'],
  [/(:\/\/[^\s/:@]+:)[^\s/@]+@/g, '$1[redacted]@'],
  [/\b((?:api[_-]?key|token|password|passwd|passphrase|secret|secret[_-]?(?:access[_-]?)?key|signature|credential|cookie|ssn|date[_ -]?of[_ -]?birth|passport)["']?\s*[=:]\s*["']?)[^\s"'&,;]{4,}/gi, '$1[redacted]'],
];

/** In every line, whatever a tenant wants of its documents. Names of fields are among the patterns above. */
const neverLogged = ['email', 'iban', 'card', 'ssn', 'phone'] as const;

export function redactText(text: string): string {
  const plain = redactPlain(text);
  return plain.includes('%') ? plain.split(/([\s"'<>]+)/).map(redactEscaped).join('') : plain;
}

function redactPlain(text: string): string {
  return withoutPersonalData(secretPatterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text), neverLogged);
}

/** Addresses carry what is in them percent-encoded: it is looked for as it reads. What breaks a line or a text of JSON is encoded again. */
function redactEscaped(part: string): string {
  const decoded = part.replace(/(?:%[0-9a-f]{2})+/gi, decodedRun);
  const redacted = decoded === part ? part : redactPlain(decoded);
  return redacted === decoded ? part : redacted.replace(/[\s"\\\p{Cc}]/gu, encodeURIComponent);
}

function decodedRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '[redacted]' },
    hooks: {
      streamWrite: redactText,
    },
  });
}

type Level = 'debug' | 'info' | 'warn' | 'error';

export function logEvent(logger: Logger, event: DomainEvent): void {
  const { type, ...fields } = event;
  logger[isBackupEvent(event) ? levelOfBackup(event) : levelOf(event)](fields, type);
}

/** The level at which an event is worth a line. */
function levelOf(event: Exclude<DomainEvent, BackupEvent>): Level {
  switch (event.type) {
    case 'stage.finished':
    case 'discovery.stepped':
    case 'texts.embedded':
    case 'search.finished':
    case 'cache.read':
    case 'request.waited':
    case 'request.shed':
    case 'request.limited':
    case 'quota.exceeded':
    case 'load.observed':
    case 'rerank.finished':
      return 'debug';
    case 'document.finished':
      return event.state === 'failed' ? 'warn' : 'debug';
    case 'rerank.circuit':
      return event.state === 'open' ? 'warn' : 'info';
    case 'index.abandoned':
    case 'index.stopped':
    case 'index.failed':
    case 'activity.retried':
    case 'rerank.degraded':
    case 'budget.reached':
    case 'job.paused':
    case 'cache.unavailable':
      return 'warn';
    case 'audit.failed':
    case 'consistency.failed':
    case 'principal.refused':
    case 'dependency.failed':
      return 'error';
    case 'request.finished':
      return event.status >= 500 ? 'error' : 'info';
    case 'index.measured':
      return event.low ? 'warn' : 'info';
    case 'consistency.audited':
      return Object.keys(event.found).length > 0 ? 'warn' : 'info';
    case 'vault.revealed':
    case 'audit.appended':
    case 'schedules.signed':
    case 'index.decided':
    case 'index.switched':
    case 'index.dropped':
    case 'index.departed':
    case 'deletion.finished':
    case 'sweep.finished': case 'history.released':
    case 'job.accepted':
    case 'job.finished':
    case 'service.started':
    case 'service.stopping':
      return 'info';
  }
}

function levelOfBackup(event: BackupEvent): Level {
  const isTrouble = event.type === 'backup.failed' || event.type === 'backup.unverified' || event.type === 'restore.failed' || (event.type === 'backup.verified' && event.problems > 0);
  return isTrouble ? 'error' : 'info';
}
