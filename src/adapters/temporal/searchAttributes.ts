import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { CatalystError } from '../../contracts/errors.ts';
import { searchAttributes } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';

/** Registers the search attributes of the product where the server lets us; Temporal Cloud wants them made by its own means. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const wanted = Object.values(searchAttributes).map((key) => key.name);
  try {
    const present = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = wanted.filter((name) => !(name in (present.customAttributes ?? {})));
    if (missing.length === 0) return;
    const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])) });
  } catch (thrown) {
    if (isRefused(thrown)) {
      throw new CatalystError('CONFIGURATION_INVALID', `The Temporal namespace "${namespace}" lacks search attributes. Create these of type Keyword: ${wanted.join(', ')}.`, { cause: thrown });
    }
    throw translateTemporalError(thrown);
  }
}

/** PERMISSION_DENIED or UNIMPLEMENTED of gRPC. */
function isRefused(thrown: unknown): boolean {
  const code = (thrown as { readonly code?: unknown } | undefined)?.code;
  return code === 7 || code === 12;
}
