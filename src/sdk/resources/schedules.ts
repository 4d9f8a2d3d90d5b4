import { platformSchedulesSchema } from '../../contracts/schedules.ts';
import type { PlatformSchedule } from '../../contracts/schedules.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls } from '../calls.ts';

/** Schedules of the product itself: for those who run the platform. */
export class SchedulesResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  async list(options: CallOptions = {}): Promise<PlatformSchedule[]> {
    return (await this.calls.get('/v1/schedules', platformSchedulesSchema, options)).schedules;
  }

  /** Makes all as they are declared; what is paused stays paused. */
  apply(options: CallOptions = {}): Promise<PlatformSchedule[]> {
    return this.change('/v1/schedules/apply', options);
  }

  run(name: string, options: CallOptions = {}): Promise<PlatformSchedule[]> {
    return this.change(`${pathOf('schedules', name)}/runs`, options);
  }

  pause(name: string, options: CallOptions = {}): Promise<PlatformSchedule[]> {
    return this.change(`${pathOf('schedules', name)}/pause`, options);
  }

  resume(name: string, options: CallOptions = {}): Promise<PlatformSchedule[]> {
    return this.change(`${pathOf('schedules', name)}/resume`, options);
  }

  private async change(path: string, options: CallOptions): Promise<PlatformSchedule[]> {
    return (await this.calls.send('POST', path, undefined, platformSchedulesSchema, options, 'byKey')).schedules;
  }
}
