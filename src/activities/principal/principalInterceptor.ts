import { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { WorkPrincipal } from '../../contracts/workPrincipal.ts';
import type { PrincipalSignatures } from '../../ports/principalSignatures.ts';
import { toTemporalFailure } from '../retries/temporalFailure.ts';
import { withGrants } from './grants.ts';
import { refusalOf } from './refusal.ts';
import type { AskedActivity, Namespaces } from './refusal.ts';

/** Who asks for what the platform does by itself. */
const scheduleSubject = 'schedule';

export interface PrincipalRules {
  readonly header: string;
  readonly signatures: PrincipalSignatures;
  /** Whether activities without a principal are done: of workflows that were started before principals were signed. */
  readonly acceptsUnsigned: boolean;
  readonly namespaces: Namespaces;
  readonly emit: EventSink;
}

/**
 * Nothing of an activity runs before it is known who it is for: the principal of its workflow is verified and held against what the
 * activity is asked to do. Work that the activity accepts is signed on the way back.
 */
export function createPrincipalInterceptor(rules: PrincipalRules): ActivityInterceptorsFactory {
  return () => ({
    inbound: {
      async execute(input, next) {
        const principal = await provenPrincipal(rules, input.args, input.headers);
        const result: unknown = await next(input);
        // What nobody signed for cannot be signed for by what it leads to.
        if (principal === undefined) return result;
        return withGrants(Context.current().info.activityType, result, principal.kind === 'tenant' ? principal.subject : scheduleSubject, (accepted) => rules.signatures.sign(accepted));
      },
    },
  });
}

/** undefined: there is none, and none is asked for. */
async function provenPrincipal({ header, signatures, acceptsUnsigned, namespaces, emit }: PrincipalRules, args: readonly unknown[], headers: Headers): Promise<WorkPrincipal | undefined> {
  const { activityType, workflowExecution, namespace } = Context.current().info;
  const asked: AskedActivity = { activity: activityType, args, workflowId: workflowExecution?.workflowId ?? '', namespace };
  try {
    const payload = headers[header];
    if (payload === undefined) {
      if (acceptsUnsigned) return undefined;
      throw refused(asked, 'it has no signed principal');
    }
    const principal = await signatures.verify(textOf(payload));
    const why = refusalOf(principal, asked, namespaces);
    if (why !== undefined) throw refused(asked, why);
    return principal;
  } catch (thrown) {
    const { code, message } = toCatalystError(thrown);
    emit({ type: 'principal.refused', activity: asked.activity, workflowId: asked.workflowId, code, detail: message });
    throw toTemporalFailure(thrown, emit);
  }
}

/** Empty where it is no text, which nobody has signed. */
function textOf(payload: Headers[string]): string {
  try {
    const text: unknown = defaultPayloadConverter.fromPayload(payload);
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}

function refused({ activity }: AskedActivity, why: string): CatalystError {
  return new CatalystError('PRINCIPAL_REFUSED', `${activity} was not done: ${why}.`);
}
