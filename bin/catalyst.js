#!/usr/bin/env node
/* global AbortController */
// Plain JavaScript: this file has to run under any Node, to find one that runs the rest.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runsTypeScript = (major > 22 || (major === 22 && minor >= 18)) && process.features.typescript !== false;

if (runsTypeScript) await run();
else runUnderProjectNode();

async function run() {
  const { runCli } = await import('../src/cli/main.ts');
  // A reader that closes the pipe (| head) is no failure.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  }
  const interruption = new AbortController();
  let interruptedAt;
  const interrupt = () => {
    // The terminal and a parent may both pass on one Ctrl-C; only a later one ends the program on the spot.
    if (interruptedAt !== undefined && Date.now() - interruptedAt > 500) process.exit(130);
    interruptedAt ??= Date.now();
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  process.exitCode = await runCli(process.argv.slice(2), {
    environment: process.env,
    workingDirectory: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interruption.signal,
  });
}

/** The Node that the project pins as the npm package "node". */
function projectNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    return ['bin/node', 'bin/node.exe'].map((name) => join(folder, name)).find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

function runUnderProjectNode() {
  const node = projectNode();
  // The same program again would end here again, such as under NODE_OPTIONS that switch TypeScript off.
  if (node === undefined || realpathSync(node) === realpathSync(process.execPath) && process.execArgv.length === 0) {
    process.stderr.write(`catalyst needs a Node that runs TypeScript: 22.18 or newer, not told otherwise by NODE_OPTIONS; this is ${process.versions.node}. "npm ci" in the project brings one.\n`);
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`catalyst cannot start ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
  });
}
