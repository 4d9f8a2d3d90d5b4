import { CatalystError } from '../../contracts/errors.ts';

/** SQLSTATE classes that mean "not now": connection, resources, operator intervention, conflicts that a retry solves. */
const passingClasses = new Set(['08', '53', '55', '57', '40']);
const passingSystemCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** Any failure of the driver as REGISTRY_UNAVAILABLE (retryable) or INTERNAL; errors of the product pass through. */
export function translatePostgresError(thrown: unknown): CatalystError {
  if (thrown instanceof CatalystError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = (error as { readonly code?: unknown }).code;
  const passing =
    typeof code === 'string'
      ? passingSystemCodes.has(code) || passingClasses.has(code.slice(0, 2))
      : /timeout|terminated|connection|ended/i.test(error.message) || error instanceof AggregateError;
  return passing
    ? new CatalystError('REGISTRY_UNAVAILABLE', `Postgres does not answer: ${error.message || String(code)}.`, { cause: thrown })
    : new CatalystError('INTERNAL', `Postgres refused a statement: ${error.message}.`, { cause: thrown });
}
