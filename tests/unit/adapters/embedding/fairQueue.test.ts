import { expect, test } from 'vitest';
import { FairQueue } from '../../../../src/adapters/embedding/fairQueue.ts';

const takeAll = (queue: FairQueue<string>): string[] => {
  const taken: string[] = [];
  for (let item = queue.next(); item !== undefined; item = queue.next()) taken.push(item);
  return taken;
};

test('calls take turns, and a late small call does not wait for an early large one', () => {
  const queue = new FairQueue<string>();
  queue.add(['a1', 'a2', 'a3', 'a4']);
  expect(queue.next()).toBe('a1');
  queue.add(['b1']);
  queue.add(['c1', 'c2']);
  expect(takeAll(queue)).toEqual(['a2', 'b1', 'c1', 'a3', 'c2', 'a4']);
});

test('what a call takes back is not handed out, and nothing of the others is lost', () => {
  const queue = new FairQueue<string>();
  const takeBack = queue.add(['a1', 'a2']);
  queue.add(['b1', 'b2']);
  expect(queue.next()).toBe('a1');
  takeBack();
  expect(takeAll(queue)).toEqual(['b1', 'b2']);
});

test('draining hands over all that waits and leaves the queue empty', () => {
  const queue = new FairQueue<string>();
  queue.add([]);
  queue.add(['a1', 'a2']);
  queue.add(['b1']);
  queue.next();
  expect(queue.drain().sort()).toEqual(['a2', 'b1']);
  expect(queue.next()).toBeUndefined();
});
