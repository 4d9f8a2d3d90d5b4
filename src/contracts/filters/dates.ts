import { z } from 'zod';

const expectation = 'a day or a time with its offset, such as "2026-01-31" or "2026-01-31T06:00:00Z"';

/** A whole day (UTC), or a moment. */
export const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: expectation });

export const dateRangeSchema = z
  .strictObject({ from: momentSchema.optional(), to: momentSchema.optional() })
  .refine((range) => range.from !== undefined || range.to !== undefined, 'at least one of "from" and "to"')
  .meta({ id: 'DateRange', description: 'Both ends included; a day as `to` counts to its end.', examples: [{ from: '2026-01-01', to: '2026-03-31' }, { from: '2026-01-01T06:00:00+01:00' }] });
export type DateRange = z.infer<typeof dateRangeSchema>;
