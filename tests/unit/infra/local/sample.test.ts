import { describe, expect, it } from 'vitest';
import { renderFindings } from '../../../../infra/local/diagnosis/report.ts';
import { readSampleDocuments } from '../../../../infra/local/sampleDocuments.ts';
import { describeJob } from '../../../../infra/local/sampleRun.ts';
import { ingestRequestSchema, type Job } from '../../../../src/contracts/jobs.ts';

describe('sample set', () => {
  it('is a valid request, with titles out of the documents themselves', async () => {
    const documents = await readSampleDocuments();
    expect(ingestRequestSchema.safeParse({ documents }).error).toBeUndefined();
    expect(documents.map(({ title, mediaType }) => [title, mediaType])).toEqual(
      expect.arrayContaining([
        ['Weather limits and cancellations', 'text/markdown'],
        ['Dangerous goods on board', 'text/plain'],
        ['Winter timetable', 'text/html'],
      ]),
    );
  });

  it('says what was new, what was unchanged and what failed', () => {
    const counts = { total: 10, queued: 0, running: 0, partial: 0, succeeded: 10, failed: 0, unchanged: 0, chunks: 31, missing: 0 };
    const job = { counts, failures: [] } as unknown as Job;
    expect(describeJob(job)).toBe('sample set: 10 ingested (31 chunks) of 10');
    expect(describeJob({ ...job, counts: { ...counts, unchanged: 10 } })).toBe('sample set: 10 unchanged of 10');
    const failures = [{ code: 'EMBEDDER_UNAVAILABLE', count: 1, example: '', remedy: 'start it' }];
    expect(describeJob({ ...job, counts: { ...counts, succeeded: 9, failed: 1 }, failures })).toBe(
      'sample set: 9 ingested (31 chunks), 1 failed: EMBEDDER_UNAVAILABLE (start it) of 10',
    );
  });
});

describe('renderFindings', () => {
  it('shows choice, version, latency and, for what is broken, how to mend it', () => {
    const text = renderFindings([
      { name: 'S3', condition: 'ok', origin: 'cache', version: '1.8.0', location: '/cache/versitygw', latencyMilliseconds: 4, detail: 'bucket catalyst' },
      { name: 'Qdrant', condition: 'broken', origin: 'none', detail: 'python3 is missing', remedy: 'install Python' },
    ]);
    expect(text).toMatch(/ok +S3 +bucket catalyst in 4 ms\n +cache, 1\.8\.0, \/cache\/versitygw/);
    expect(text).toMatch(/BROKEN +Qdrant +python3 is missing\n +mend: install Python/);
  });
});
