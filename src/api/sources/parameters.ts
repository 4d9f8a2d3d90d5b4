import { z } from 'zod';

export const sourceParameters = z.strictObject({ sourceId: z.uuid() });
