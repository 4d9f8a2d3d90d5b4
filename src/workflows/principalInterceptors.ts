import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import type { Granted } from '../contracts/workPrincipal.ts';
import { principalHeader } from './names.ts';

/**
 * Hands the signed principal of a workflow on to its activities, children and next run, unchanged: nothing is signed or verified in here.
 * Work that an activity accepted brings a principal of its own, its grant: that one goes to whatever acts for it. Signals carry none, since
 * they make nobody act: they say that there is news.
 */
export function interceptors(): WorkflowInterceptors {
  let own: Payload | undefined;
  const headersOf = (headers: Headers, grant: string | undefined): Headers => {
    const payload = grant === undefined ? own : defaultPayloadConverter.toPayload(grant);
    return payload === undefined ? headers : { ...headers, [principalHeader]: payload };
  };
  return {
    inbound: [
      {
        execute(input, next) {
          own = input.headers[principalHeader];
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          const { first, grant } = takeGrant(input.args[0]);
          return next({ ...input, args: withFirst(input.args, first), headers: headersOf(input.headers, grant) });
        },
        startChildWorkflowExecution(input, next) {
          const { first, grant } = takeGrantOfInput(input.options.args[0]);
          return next({ ...input, options: { ...input.options, args: withFirst(input.options.args, first) }, headers: headersOf(input.headers, grant) });
        },
        continueAsNew: (input, next) => next({ ...input, headers: headersOf(input.headers, undefined) }),
      },
    ],
  };
}

interface Taken {
  readonly first: unknown;
  readonly grant: string | undefined;
}

/** Activities take the scope of their work first. */
function takeGrant(scope: unknown): Taken {
  if (!isObject(scope)) return { first: scope, grant: undefined };
  const { grant, ...first } = scope as Granted;
  return { first, grant };
}

/** Workflows that carry accepted work out have its scope in their input. */
function takeGrantOfInput(input: unknown): Taken {
  if (!isObject(input) || !('scope' in input)) return { first: input, grant: undefined };
  const { first: scope, grant } = takeGrant(input.scope);
  return { first: { ...input, scope }, grant };
}

function withFirst(args: readonly unknown[], first: unknown): unknown[] {
  return args.length === 0 ? [] : [first, ...args.slice(1)];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
