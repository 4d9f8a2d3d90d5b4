import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import proto from '@temporalio/proto';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import * as workflows from '../../src/workflows/index.ts';
import { workflowInterceptorModules, workflowsPath } from '../support/temporal.ts';

const folder = new URL('./histories/', import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith('.binpb'));
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: new DefaultLogger('ERROR') });
}, 60_000);

/** A change of the workflows that these histories do not survive would break jobs that are running when it is deployed. */
describe('recorded histories replay on the present code', () => {
  it('covers every workflow', () => {
    expect(new Set(names.map((name) => name.split('-')[0]))).toEqual(new Set(Object.keys(workflows)));
  });

  it.each(names)('%s', async (name) => {
    const history = await readHistory(name);
    await Worker.runReplayHistory({ workflowBundle, replayName: name }, history);
  });

  it('notices a step that is missing', async () => {
    const history = await readHistory('ingestSlice-together.binpb');
    for (const event of history.events) {
      const type = event.activityTaskScheduledEventAttributes?.activityType;
      if (type?.name === 'chunkDocuments') type.name = 'somethingElse';
    }
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow(/nondeterminism/i);
  });
});

async function readHistory(name: string) {
  return proto.temporal.api.history.v1.History.decode(await readFile(new URL(name, folder)));
}
