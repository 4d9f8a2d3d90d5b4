import { describe, expect, it } from 'vitest';
import { JobTally } from '../../../src/cli/ingest/jobTally.ts';
import { jobText } from '../../../src/cli/jobs/jobText.ts';
import { PauseNotes } from '../../../src/cli/jobs/pauseNotes.ts';
import { duration, rate } from '../../../src/cli/output/numbers.ts';
import { progressLine } from '../../../src/cli/output/progressDisplay.ts';
import { ProgressRate } from '../../../src/cli/output/progressRate.ts';
import { styleOf, wantsColour } from '../../../src/cli/output/terminal.ts';
import { passageText } from '../../../src/cli/search/passage.ts';
import type { Job } from '../../../src/contracts/jobs.ts';
import type { JobProgress } from '../../../src/contracts/progress.ts';
import { suspension } from '../../../src/contracts/steering.ts';
import type { JobUpdate } from '../../../src/sdk/jobEvents.ts';
import { capturedContext } from '../../support/capturedContext.ts';

describe('ProgressRate', () => {
  it('tells the rate of the window alone, and the time that remains', () => {
    const speed = new ProgressRate(10_000);
    expect(speed.perSecond()).toBe(0);
    expect(speed.remainingSeconds(100)).toBeUndefined();
    for (let second = 0; second <= 20; second += 1) speed.add(second * 1000, second * 5);
    expect(speed.perSecond()).toBe(5);
    for (let second = 21; second <= 40; second += 1) speed.add(second * 1000, 100 + (second - 20) * 20);
    expect(speed.perSecond()).toBe(20);
    expect(speed.remainingSeconds(600)).toBe(5);
    expect(speed.remainingSeconds(400)).toBe(0);
  });

  it('sinks to nothing while nothing finishes', () => {
    const speed = new ProgressRate(10_000);
    speed.add(0, 0);
    speed.add(1000, 50);
    speed.add(60_000, 50);
    speed.add(71_000, 50);
    expect(speed.perSecond()).toBe(0);
  });
});

describe('progressLine', () => {
  it('shows share, rate, remaining time and failures', () => {
    const speed = new ProgressRate();
    speed.add(0, 0);
    speed.add(10_000, 1000);
    expect(progressLine({ done: 1000, total: 4000, failed: 3 }, speed, true)).toBe('██████░░░░░░░░░░░░░░░░░░  1,000/4,000 documents  25 %  100 documents/s  30 s left  3 failed');
    expect(progressLine({ done: 4000, total: 4000, failed: 0 }, speed, false)).toBe('4,000/4,000 documents  100 %  100 documents/s');
  });
});

describe('numbers', () => {
  it.each([[0.44, '0.4 s'], [42.4, '42 s'], [59.6, '1 min 00 s'], [200, '3 min 20 s'], [7500, '2 h 05 min']])('shows %d seconds as %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });
  it('shows rates with the digits that matter', () => {
    expect([rate(1234.5), rate(41.23), rate(0.0412)]).toEqual(['1,235', '41.2', '0.04']);
  });
});

describe('wantsColour', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
  ])('terminal %s with %j: %s', (isTTY, environment, expected) => {
    expect(wantsColour({ write: () => undefined, isTTY }, environment)).toBe(expected);
  });
});

describe('passageText', () => {
  const mark = (text: string): string => `[${text}]`;
  it('cuts to the part with most highlights, at word borders', () => {
    const passage = `${'filler words here '.repeat(40)}the needle and the needle again ${'more filler '.repeat(40)}`;
    const first = passage.indexOf('needle');
    const second = passage.indexOf('needle', first + 1);
    const text = passageText({ passage, highlights: [{ start: 0, end: 6 }, { start: first, end: first + 6 }, { start: second, end: second + 6 }] }, { characters: 120, mark });
    expect(text).toContain('the [needle] and the [needle] again');
    expect(text).toMatch(/^… \S.*\S …$/);
    expect(text.length).toBeLessThan(140);
    expect(text).not.toContain('[filler]');
  });

  it('leaves a short passage whole and ignores highlights that cannot be', () => {
    expect(passageText({ passage: 'short text', highlights: [{ start: 6, end: 10 }, { start: 8, end: 99 }] }, { characters: 400, mark })).toBe('short [text]');
  });
});

describe('the remaining time', () => {
  const speed = new ProgressRate();
  speed.add(0, 0);
  speed.add(10_000, 1000);
  const line = (more: object) => progressLine({ done: 1000, total: 4000, failed: 0, ...more }, speed, false);

  it('is the interval that the API tells, and none where it cannot tell', () => {
    expect(line({ remaining: { p10: 20, p90: 65 } })).toBe('1,000/4,000 documents  25 %  100 documents/s  20 s to 1 min 05 s left');
    expect(line({ remaining: { p10: 30.1, p90: 30.2 } })).toContain('  30 s left');
    expect(line({ remaining: null })).toBe('1,000/4,000 documents  25 %  100 documents/s');
  });

  it('and the share are left out while nobody knows how many there will be', () => {
    expect(line({ openEnded: true, note: 'reading the source, 7 addresses to look at' })).toBe('1,000/4,000 documents  100 documents/s  reading the source, 7 addresses to look at');
  });
});

describe('PauseNotes', () => {
  it('tell how a job goes on, and offer no command where a suspended tenant is to be resumed first', () => {
    const lines: string[] = [];
    const notes = new PauseNotes('the-job', (line) => lines.push(line));
    const pausedBy = (by: string, since: string): JobUpdate => ({ type: 'job', job: { pause: { reason: 'request', detail: 'Paused.', remedy: 'The job goes on when the tenant is resumed.', by, since } } as unknown as Job });
    notes.tell(pausedBy('ada', '1'));
    notes.tell(pausedBy(suspension, '2'));
    notes.tell(pausedBy(suspension, '2'));
    expect(lines).toEqual(['Job the-job is paused: Paused. To go on: catalyst resume the-job', 'Job the-job is paused: Paused. The job goes on when the tenant is resumed.']);
  });
});

describe('a job of which nothing is shown', () => {
  const counts = { total: 2, queued: 0, running: 0, partial: 0, succeeded: 2, failed: 0, unchanged: 0, chunks: 0, missing: 0 };
  const told = (superseded: number) => jobText({ id: 'the-job', state: 'succeeded', dryRun: false, counts: { ...counts, superseded }, startedAt: null, finishedAt: null, pause: null, cancellation: null, discovery: null, spent: { bytes: 0, tokens: 0, credits: 0, cost: 0 } } as unknown as Job, [], styleOf(capturedContext().stdout, {}));

  it('is told as that', () => {
    expect(told(2)).toContain('Job the-job: succeeded, but all of it was overtaken by later requests or deletions: nothing of it is shown');
    expect(told(1)).toMatch(/succeeded\n/);
    expect(told(1)).toContain('of them overtaken by later requests or deletions: 1');
    expect(told(0)).not.toContain('overtaken');
  });
});

describe('JobTally', () => {
  const job = { counts: { total: 4, queued: 2, running: 1, partial: 0, succeeded: 1, failed: 0, unchanged: 0, chunks: 0, missing: 0 }, pause: null, discovery: null } as unknown as Job;
  const progress = { remaining: { p10: 1, p50: 2, p90: 3 }, stages: [{ stage: 'parse', running: 1 }, { stage: 'embed', running: 0 }], spent: { tokens: 4_512 } } as unknown as JobProgress;

  it('takes what is ahead of snapshots and events', () => {
    const tally = new JobTally('job', 3);
    expect([tally.done, tally.total, tally.remaining]).toEqual([0, 3, undefined]);
    tally.add({ type: 'job', job });
    for (const [index, state] of [[0, 'succeeded'], [1, 'failed'], [2, 'queued'], [0, 'succeeded']] as const) tally.add({ type: 'document', event: { id: '1', type: 'document', at: '', index, documentId: null, state, outcome: null, failure: null } });
    tally.add({ type: 'progress', progress });
    expect([tally.done, tally.total, tally.failed, tally.note, tally.remaining]).toEqual([2, 4, 1, 'parse 1, 4,512 tokens', progress.remaining]);
  });

  it('tells of a job that rests or still reads its source', () => {
    const tally = new JobTally('job', 3);
    tally.add({ type: 'progress', progress });
    tally.add({ type: 'job', job: { ...job, discovery: { state: 'running', found: 4, pending: 1, gaps: [], failure: null } } });
    expect([tally.note, tally.openEnded]).toEqual(['reading the source, 1 address to look at', true]);
    tally.add({ type: 'job', job: { ...job, pause: { reason: 'credits', detail: '', remedy: '', by: null, since: '' } } });
    expect([tally.note, tally.remaining]).toEqual(['paused: credits', null]);
  });
});
