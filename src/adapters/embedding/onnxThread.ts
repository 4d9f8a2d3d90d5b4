/** Entry file of an embedding thread: `session.run` blocks the thread that calls it, so it never runs on the main one. */
import { constants, setPriority } from 'node:os';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { InferenceSession } from 'onnxruntime-node';
import { startProcessorTime } from '../../contracts/processorTime.ts';
import { readModelFile } from './modelFile.ts';
import { createSentenceEncoder } from './sentenceEncoder.ts';
import type { EmbedTask, OnnxThreadData, OnnxThreadMessage, OnnxThreadRequest } from './onnxThreadProtocol.ts';

async function serve(port: MessagePort, data: OnnxThreadData): Promise<void> {
  // On Linux a priority is that of the thread which sets it; elsewhere it would be the whole process's.
  if (data.givesWay && process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  // One thread a session: as fast as two that share one session, and it does not spin while it waits.
  const session = await InferenceSession.create((await readModelFile(data.modelDirectory)).bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const encode = createSentenceEncoder(session, data);
  const urgent: EmbedTask[] = [];
  const ordinary: EmbedTask[] = [];
  let working = false;
  let closing = false;

  function accept(request: OnnxThreadRequest): void {
    if (request.kind === 'close') closing = true;
    else (request.urgent ? urgent : ordinary).push(request);
  }
  /** Between two texts the port is asked, so that a query never waits for more than the text in hand. */
  function nextTask(): EmbedTask | undefined {
    for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
      accept(received.message as OnnxThreadRequest);
    }
    return closing ? undefined : (urgent.shift() ?? ordinary.shift());
  }
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let task = nextTask(); task !== undefined; task = nextTask()) {
      const answer = await embed(task);
      port.postMessage(answer, buffersOf(answer));
    }
    working = false;
    // Nothing keeps the thread alive then.
    if (closing) port.close();
  }
  async function embed(task: EmbedTask): Promise<OnnxThreadMessage> {
    const processorTime = startProcessorTime();
    try {
      const embedded = await encode(task.text, task.form);
      // The thread does one text at a time, and the model computes in it alone.
      return { kind: 'vector', id: task.id, ...embedded, processorSeconds: processorTime.seconds() };
    } catch (error) {
      return { kind: 'failure', id: task.id, message: error instanceof Error ? error.message : String(error) };
    }
  }
  port.on('message', (request: OnnxThreadRequest) => {
    accept(request);
    void work();
  });
  port.postMessage({ kind: 'ready' } satisfies OnnxThreadMessage);
}

function buffersOf(answer: OnnxThreadMessage): ArrayBuffer[] {
  if (answer.kind !== 'vector') return [];
  return [answer.vector, ...(answer.tokenCodes === undefined ? [] : [answer.tokenCodes])].map(({ buffer }) => buffer as ArrayBuffer);
}

if (parentPort !== null) await serve(parentPort, workerData as OnnxThreadData);
