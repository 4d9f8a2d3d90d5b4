import { describe, expect, it } from 'vitest';
import { FairTurns } from '../../../src/activities/fairTurns.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Turns whose work ends when it is told to, and a clock that is set by hand. */
class Table {
  now = 0;
  readonly begun: string[] = [];
  readonly turns: FairTurns;
  private readonly running: (() => void)[] = [];

  constructor(turns: number) {
    this.turns = new FairTurns(turns, () => this.now);
  }

  ask(tenant: string, cost = 10, signal = never): Promise<void> {
    return this.turns.run(tenant, cost, signal, () => {
      this.begun.push(tenant);
      return new Promise((resolve) => this.running.push(resolve));
    });
  }

  /** Ends the work that began first. */
  async endOne(): Promise<void> {
    await settled();
    this.running.shift()?.();
    await settled();
  }
}

describe('turns', () => {
  it('are so many at once, and in the order of asking within a tenant', async () => {
    const order: number[] = [];
    const turns = new FairTurns(2, () => 0);
    let [atOnce, most] = [0, 0];
    const work = (number: number) => async () => {
      order.push(number);
      most = Math.max(most, (atOnce += 1));
      await settled();
      atOnce -= 1;
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map((number) => turns.run('acme', 1, never, work(number))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('go to a newcomer before one that has had many, however many of its calls wait', async () => {
    const table = new Table(1);
    for (let call = 0; call < 8; call += 1) void table.ask('large');
    await table.endOne();
    void table.ask('small');
    void table.ask('small');
    await table.endOne();
    await table.endOne();
    await table.endOne();
    expect(table.begun).toEqual(['large', 'large', 'small', 'small', 'large']);
  });

  it('are shared by what they cost, not by how often they are asked for', async () => {
    const table = new Table(1);
    void table.ask('first', 1);
    for (let call = 0; call < 20; call += 1) void table.ask('dear', 30);
    for (let call = 0; call < 20; call += 1) void table.ask('cheap', 10);
    for (let turn = 0; turn < 16; turn += 1) await table.endOne();
    const counted = (tenant: string) => table.begun.filter((name) => name === tenant).length;
    expect([counted('dear'), counted('cheap')]).toEqual([4, 12]);
  });

  it('forget what was used long ago', async () => {
    const table = new Table(1);
    void table.ask('early', 1_000);
    await table.endOne();
    table.now = 3_600_000;
    void table.ask('busy', 1);
    void table.ask('late', 5);
    await table.endOne();
    void table.ask('late', 5);
    void table.ask('early', 5);
    await table.endOne();
    expect(table.begun).toEqual(['early', 'busy', 'late', 'early']);
  });

  it('are not waited for any more once the signal says so, and pass to the next', async () => {
    const table = new Table(1);
    const cancelling = new AbortController();
    void table.ask('one');
    const left = table.ask('two', 10, cancelling.signal);
    void table.ask('three');
    cancelling.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    await expect(table.ask('two', 10, cancelling.signal)).rejects.toThrow('cancelled');
    await table.endOne();
    expect(table.begun).toEqual(['one', 'three']);
  });

  it('are given back by work that fails', async () => {
    const turns = new FairTurns(1);
    await expect(turns.run('one', 1, never, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(turns.run('two', 1, never, () => Promise.resolve('done'))).resolves.toBe('done');
  });
});
