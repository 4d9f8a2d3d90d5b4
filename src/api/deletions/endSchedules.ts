import type { ApiDependencies } from '../dependencies.ts';

/** The sources themselves go with everything else; nothing is to start a run of them any more. */
export async function endSchedules({ sources, schedules }: Pick<ApiDependencies, 'sources' | 'schedules'>, tenant: string): Promise<void> {
  for (let cursor: string | undefined, last = false; !last; ) {
    const page = await sources.list(tenant, cursor, 100);
    for (const { id } of page.sources) await schedules.remove(tenant, id);
    cursor = page.next ?? undefined;
    last = cursor === undefined;
  }
}
