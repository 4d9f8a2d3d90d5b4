import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkDocument } from '../../../src/documents/chunk.ts';
import { splitDeclarations } from '../../../src/documents/code/declarations.ts';
import { languageOfFileName, languageOfShebang } from '../../../src/documents/code/languages.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import { noHints } from './parsing.ts';
import { wordPieces } from './wordPieces.ts';

const body = (lines: number): string => Array.from({ length: lines }, (_, index) => `    total += values[${index}] * factor;`).join('\n');

describe('the language of source code', () => {
  it('is told from names and first lines', () => {
    expect(['src/a.ts', 'C:\\x\\B.PY', 'Dockerfile', 'lib/CMakeLists.txt', 'notes.txt', 'ts'].map((name) => languageOfFileName(name)?.name)).toEqual(['TypeScript', 'Python', 'Dockerfile', 'CMake', undefined, undefined]);
    expect(['#!/usr/bin/env python3.11', '#!/bin/bash -e', '#! /usr/bin/env -S A=1 node --x', '#!/usr/local/bin/perl5', '#!/usr/bin/env unknown', '# no'].map((line) => languageOfShebang(`${line}\n`)?.name)).toEqual(['Python', 'Shell', 'JavaScript', 'Perl', undefined, undefined]);
  });
});

describe('source code', () => {
  it('is cut between declarations, comments and decorators staying with theirs', () => {
    const first = `/**\n * Adds.\n *\n * All of them.\n */\nexport function add(values: number[]): number {\n${body(12)}\n\n  return total;\n}`;
    const second = `// Says it.\n@Decorated({\n  once: true,\n})\nexport class Speaker {\n${body(12)}\n}`;
    expect(splitDeclarations(`import a from 'a';\nimport b from 'b';\n\n${first}\n${second}\n`).map((piece) => piece.trim())).toEqual(["import a from 'a';\nimport b from 'b';", first, second]);
  });

  it('is cut between the members of a large class', () => {
    const method = (name: string): string => `    def ${name}(self, values):\n        """Does it.\n\n        def not_a_function(): in a text\n        """\n${body(14).replaceAll('    total', '        total')}`;
    const pieces = splitDeclarations(`class Large:\n    """What it is."""\n\n${['one', 'two', 'three'].map(method).join('\n\n')}\n`);
    expect(pieces.map((piece) => piece.trim().split('\n')[0])).toEqual(['class Large:', 'def one(self, values):', 'def two(self, values):', 'def three(self, values):']);
  });

  it('keeps every line of any file, in order', () => {
    const folder = join(import.meta.dirname, '../../../src/documents');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
      const source = readFileSync(join(folder, file), 'utf8');
      const kept = splitDeclarations(source).join('\n').split('\n').filter((line) => line.trim() !== '');
      expect(kept, file).toEqual(source.split('\n').filter((line) => line.trim() !== ''));
    }
  });

  it('makes chunks of tier code that do not cut functions that fit, under the name of the file', async () => {
    const functions = Array.from({ length: 12 }, (_, index) => `function number${index}(values) {\n${body(3)}\n}`);
    const parsed = await parseDocument(Buffer.from(functions.join('\n')), { ...noHints, fileName: 'lib/many.js' });
    expect(parsed).toMatchObject({ title: 'many.js', mediaType: 'text/javascript' });
    expect(parsed.language).toBeUndefined();
    const { chunks } = chunkDocument(parsed, { title: 'many.js', settings: { maximumTokens: 300, overlapTokens: 48 }, tokenizer: wordPieces });
    expect(chunks.length).toBeGreaterThan(3);
    for (const { tier, text } of chunks) expect([tier, text.startsWith('function number'), text.endsWith('}')]).toEqual(['code', true, true]);
  });

  it('takes time in proportion to its length, whatever its shape', () => {
    const shapes = ['// x\n'.repeat(100_000), 'a();'.repeat(200_000), Array.from({ length: 50_000 }, (_, index) => `${' '.repeat(index % 200)}if (a) {`).join('\n'), `"""\n${'x\n'.repeat(100_000)}`];
    for (const source of shapes) {
      const before = performance.now();
      splitDeclarations(source);
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});
