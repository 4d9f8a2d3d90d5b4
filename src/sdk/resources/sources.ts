import { z } from 'zod';
import type { sourceRunRequestSchema } from '../../contracts/ingestSource.ts';
import { deletionSchema } from '../../contracts/deletions.ts';
import type { Deletion } from '../../contracts/deletions.ts';
import { ingestResponseSchema } from '../../contracts/jobs.ts';
import type { IngestResponse } from '../../contracts/jobs.ts';
import { registeredSourceSchema, scheduleStateSchema, sourcesPageSchema } from '../../contracts/sources.ts';
import type { BackfillRequest, RegisteredSource, ScheduleState, sourceRequestSchema } from '../../contracts/sources.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

/** A source as it is sent: what has a default may be left out. */
export type SourceInput = z.input<typeof sourceRequestSchema>;

/** Registered sources and their schedules. */
export class SourcesResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** Repeated by itself only if the API surely did not take the request. */
  create(input: SourceInput, options: CallOptions = {}): Promise<RegisteredSource> {
    return this.calls.send('POST', '/v1/sources', input, registeredSourceSchema, options, 'byKey');
  }

  list(options: PageOptions = {}): AsyncGenerator<RegisteredSource, void, undefined> {
    return this.calls.list('/v1/sources', {}, sourcesPageSchema, ({ sources }) => sources, options);
  }

  get(sourceId: string, options: CallOptions = {}): Promise<RegisteredSource> {
    return this.calls.get(pathOf('sources', sourceId), registeredSourceSchema, options);
  }

  /** What is left out takes its default. */
  replace(sourceId: string, input: SourceInput, options: CallOptions = {}): Promise<RegisteredSource> {
    return this.calls.send('PUT', pathOf('sources', sourceId), input, registeredSourceSchema, options);
  }

  /** With `documents: 'delete'` the deletion of its documents is answered. */
  async remove(sourceId: string, documents: 'keep' | 'delete' = 'keep', options: CallOptions = {}): Promise<Deletion | undefined> {
    return this.calls.send('DELETE', `${pathOf('sources', sourceId)}?documents=${documents}`, undefined, z.union([deletionSchema, z.undefined()]), options, 'unlessTaken');
  }

  /** Reads the source now, as a job. */
  run(sourceId: string, how: z.input<typeof sourceRunRequestSchema> = {}, options: CallOptions = {}): Promise<IngestResponse> {
    return this.calls.send('POST', pathOf('sources', sourceId, 'runs'), how, ingestResponseSchema, options, 'byKey');
  }

  schedule(sourceId: string, options: CallOptions = {}): Promise<ScheduleState> {
    return this.calls.get(pathOf('sources', sourceId, 'schedule'), scheduleStateSchema, options);
  }

  pause(sourceId: string, options: CallOptions = {}): Promise<RegisteredSource> {
    return this.calls.send('POST', pathOf('sources', sourceId, 'pause'), undefined, registeredSourceSchema, options);
  }

  resume(sourceId: string, options: CallOptions = {}): Promise<RegisteredSource> {
    return this.calls.send('POST', pathOf('sources', sourceId, 'resume'), undefined, registeredSourceSchema, options);
  }

  backfill(sourceId: string, span: BackfillRequest, options: CallOptions = {}): Promise<ScheduleState> {
    return this.calls.send('POST', pathOf('sources', sourceId, 'backfill'), span, scheduleStateSchema, options, 'byKey');
  }
}
