import type { Request, Response } from 'express';
import type { AuditBegun, AuditEnded } from '../../contracts/audit.ts';
import { digestOfJson, newIdentifier } from '../../contracts/identifiers.ts';
import { readApiKey } from '../authentication/apiKeySecret.ts';
import { bearerTokenOf } from '../authentication/bearerToken.ts';
import type { CallerRules } from '../callerRuleTypes.ts';
import { contextOf } from '../requestContext.ts';
import { principalOfRequest } from '../parseInput.ts';
import type { AuditRecorder } from './auditRecorder.ts';
import type { RequestAudit } from './requestAudit.ts';

/** The caller left before the answer began, as the access log says it. */
const callerLeft = 499;
const longestText = 500;

/** From here on the request is one that the log tells of. How it ends is told once its connection is done with it. */
export function openAudit(request: Request, response: Response, operation: string): void {
  const context = contextOf(request);
  const { recorder } = rulesOf(request);
  const audit: RequestAudit = { id: newIdentifier(), operation, isBegun: false, alsoIn: undefined };
  context.audit = audit;
  response.once('close', () => tellEnd(recorder, audit, request, response));
}

interface AuditedMore {
  /** Another tenant whose log is to tell of it. */
  readonly alsoIn?: string | undefined;
  /** Of what it is about, where the path does not say. */
  readonly names?: readonly string[] | undefined;
}

/** Resolves once the log holds that this is about to be done. Throws REGISTRY_UNAVAILABLE or AUDIT_UNAVAILABLE: then it must not be done. */
export async function beginAudit(request: Request, input: { readonly parameters: unknown; readonly query: unknown }, { alsoIn, names }: AuditedMore = {}): Promise<void> {
  const { audit } = contextOf(request);
  if (audit === undefined) throw new TypeError('the request was not opened for the audit log');
  const { recorder } = rulesOf(request);
  const { tenant } = principalOfRequest(request);
  const entry = { ...begunEntry(request, audit, input), ...(names === undefined ? {} : { names }) };
  await recorder.begin(tenant, entry);
  audit.isBegun = true;
  if (alsoIn === undefined || alsoIn === tenant) return;
  await recorder.begin(alsoIn, entry);
  audit.alsoIn = alsoIn;
}

function rulesOf(request: Request): CallerRules {
  const { rules } = contextOf(request);
  if (rules === undefined) throw new TypeError('the rules of callers must be handed out before routes that are audited');
  return rules;
}

function tellEnd(recorder: AuditRecorder, audit: RequestAudit, request: Request, response: Response): void {
  const { tenant } = principalOfRequest(request);
  const end = endedEntry(request, response, audit);
  if (audit.alsoIn !== undefined) recorder.end(audit.alsoIn, end);
  if (audit.isBegun) recorder.end(tenant, end);
  // What was refused for want of rights is worth knowing; what was malformed is not.
  else if (response.headersSent && response.statusCode === 403) recorder.refuse(tenant, begunEntry(request, audit, { parameters: undefined, query: undefined }), end);
}

function begunEntry(request: Request, { id, operation }: RequestAudit, { parameters, query }: { readonly parameters: unknown; readonly query: unknown }): AuditBegun {
  return {
    kind: 'begun',
    id,
    at: new Date().toISOString(),
    subject: storable(principalOfRequest(request).subject),
    keyPrefix: keyPrefixOf(request),
    operation,
    method: request.method,
    resource: storable(request.originalUrl.split('?')[0] ?? ''),
    address: request.ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? null,
    argsHash: digestOfJson({ parameters: parameters ?? null, query: query ?? null, body: contextOf(request).bodyDigest ?? null }),
    requestId: contextOf(request).requestId,
  };
}

function endedEntry(request: Request, response: Response, { id }: RequestAudit): AuditEnded {
  const location = response.getHeader('location');
  return {
    kind: 'ended',
    of: id,
    at: new Date().toISOString(),
    status: response.headersSent ? response.statusCode : callerLeft,
    code: contextOf(request).failure?.code ?? null,
    created: typeof location === 'string' ? storable(location) : null,
  };
}

/** Whoever sent a key was let in by it. */
function keyPrefixOf(request: Request): string | null {
  return readApiKey(bearerTokenOf(request.get('authorization')))?.prefix ?? null;
}

/** Postgres keeps no text with NUL or half a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd').slice(0, longestText);
}
