import type { RequestHandler } from 'express';
import type { CallerRules } from './callerRuleTypes.ts';
import { contextOf } from './requestContext.ts';

/** Hands the rules to all routes behind it. */
export function createCallerRules(rules: CallerRules): RequestHandler {
  return function callerRules(request, _response, next) {
    contextOf(request).rules = rules;
    next();
  };
}
