import { z } from 'zod';

export const jobParameters = z.strictObject({ jobId: z.uuid().meta({ description: 'As answered by the ingestion request.', example: '0198c0de-0000-7000-8000-000000000000' }) });
