import type { SourceDefinition } from '../../contracts/sources.ts';
import type { SourceDiscovery } from '../../ports/sourceDiscovery.ts';

export type DiscoveryByType = { readonly [Type in SourceDefinition['type']]: SourceDiscovery };

/** One discovery for all sources, each kind by its own; one object may serve several kinds. */
export function createSourceDiscovery(byType: DiscoveryByType): SourceDiscovery {
  return {
    step: (request) => byType[request.definition.type].step(request),
    cancel: (definition, cursor) => byType[definition.type].cancel(definition, cursor),
    async close() {
      await Promise.all([...new Set(Object.values(byType))].map((discovery) => discovery.close()));
    },
  };
}
