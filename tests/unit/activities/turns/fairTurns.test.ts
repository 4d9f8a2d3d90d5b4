import { describe, expect, it } from 'vitest';
import { FairTurns } from '../../../../src/activities/turns/fairTurns.ts';
import type { Line } from '../../../../src/activities/turns/fairTurns.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Turns whose work ends when it is told to, and a clock that is set by hand. */
class Table {
  now = 0;
  readonly begun: string[] = [];
  private readonly turns: FairTurns;
  private readonly running: (() => void)[] = [];

  constructor(turns: number) {
    this.turns = new FairTurns(turns, () => this.now);
  }

  line(tenant: string, jobId = 'job', name = tenant): (cost?: number, signal?: AbortSignal) => Promise<void> {
    const line: Line = this.turns.line(tenant, jobId);
    return (cost = 10, signal = never) =>
      line.run(cost, signal, () => {
        this.begun.push(name);
        return new Promise((resolve) => this.running.push(resolve));
      });
  }

  /** Ends, so many times, the work that began first. */
  async end(times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await settled();
      this.running.shift()?.();
    }
    await settled();
  }
}

describe('turns', () => {
  it('are so many at once', async () => {
    const turns = new FairTurns(2);
    let [atOnce, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, (atOnce += 1));
      await settled();
      atOnce -= 1;
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map((job) => turns.line('acme', String(job)).run(1, never, work)));
    expect(most).toBe(2);
  });

  it('go to a newcomer before one that has had many, however many of its calls wait', async () => {
    const table = new Table(1);
    for (let call = 0; call < 8; call += 1) void table.line('large')();
    await table.end();
    for (let call = 0; call < 2; call += 1) void table.line('small')();
    await table.end(3);
    expect(table.begun).toEqual(['large', 'large', 'small', 'small', 'large']);
  });

  it('go to a new job of a tenant before its large one', async () => {
    const table = new Table(1);
    for (let call = 0; call < 8; call += 1) void table.line('acme', 'dump', 'dump')();
    await table.end();
    void table.line('acme', 'few', 'few')();
    await table.end(2);
    expect(table.begun).toEqual(['dump', 'dump', 'few', 'dump']);
  });

  it('finish what a job has begun before what it has not', async () => {
    const table = new Table(1);
    const [first, second] = [table.line('acme', 'job', 'first'), table.line('acme', 'job', 'second')];
    void first();
    void second();
    void first();
    await table.end(2);
    expect(table.begun).toEqual(['first', 'first', 'second']);
  });

  it('are shared by what they cost, not by how often they are asked for', async () => {
    const table = new Table(1);
    void table.line('first')(1);
    for (let call = 0; call < 20; call += 1) void table.line('dear')(30);
    for (let call = 0; call < 20; call += 1) void table.line('cheap')(10);
    await table.end(16);
    const counted = (tenant: string) => table.begun.filter((name) => name === tenant).length;
    expect([counted('dear'), counted('cheap')]).toEqual([4, 12]);
  });

  it('forget what was used long ago', async () => {
    const table = new Table(1);
    void table.line('early')(1_000);
    await table.end();
    table.now = 3_600_000;
    void table.line('busy')(1);
    void table.line('late')(5);
    await table.end();
    void table.line('late')(5);
    void table.line('early')(5);
    await table.end();
    expect(table.begun).toEqual(['early', 'busy', 'late', 'early']);
  });

  it('are not waited for any more once the signal says so, and pass to the next', async () => {
    const table = new Table(1);
    const cancelling = new AbortController();
    void table.line('one')();
    const left = table.line('two')(10, cancelling.signal);
    void table.line('three')();
    cancelling.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    await expect(table.line('two')(10, cancelling.signal)).rejects.toThrow('cancelled');
    await table.end();
    expect(table.begun).toEqual(['one', 'three']);
  });

  it('are given back by work that fails', async () => {
    const turns = new FairTurns(1);
    await expect(turns.line('one', 'job').run(1, never, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(turns.line('two', 'job').run(1, never, () => Promise.resolve('done'))).resolves.toBe('done');
  });
});
