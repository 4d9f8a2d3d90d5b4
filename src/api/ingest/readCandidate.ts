import type { z } from 'zod';
import { artifactDocumentSchema, textDocumentSchema, uploadDocumentSchema, urlDocumentSchema } from '../../contracts/documents.ts';
import type { FieldProblem } from '../../contracts/errors.ts';
import { problemsOf } from '../problems/issueProblems.ts';
import { textProblemsOf } from '../problems/textProblems.ts';
import type { Candidate, Refusal } from './candidate.ts';

const sourceFields = ['text', 'url', 'uploadId', 'artifactUri'] as const;

/** Many problems of one document rarely help more than the first ones. */
const maximumProblemsPerDocument = 20;

/**
 * One document of the request, by the schema of the source it names, so that its problems are those of that source
 * and not those of a union of four.
 */
export function readCandidate(input: unknown, index: number): Candidate | Refusal {
  const pointer = `/documents/${index}`;
  const refuse = (code: string, detail: string): Refusal => ({ index, problems: [{ pointer, code, detail }] });
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return refuse('wrong_type', 'Expected an object.');
  const [source, second] = sourceFields.filter((field) => Object.hasOwn(input, field));
  if (source === undefined) return refuse('missing_source', 'Give exactly one of "text", "url", "uploadId" and "artifactUri".');
  if (second !== undefined) return refuse('several_sources', `Give exactly one of "text", "url", "uploadId" and "artifactUri"; this has "${source}" and "${second}".`);
  switch (source) {
    case 'text':
      return read(textDocumentSchema, input, index, (request) => ({ type: 'text', index, request }));
    case 'url':
      return read(urlDocumentSchema, input, index, (request) => ({ type: 'url', index, request }));
    case 'uploadId':
      return read(uploadDocumentSchema, input, index, (request) => ({ type: 'upload', index, request }));
    case 'artifactUri':
      return read(artifactDocumentSchema, input, index, (request) => ({ type: 'artifact', index, request }));
  }
}

function read<Schema extends z.ZodType>(schema: Schema, input: object, index: number, make: (request: z.output<Schema>) => Candidate): Candidate | Refusal {
  const pointer = `/documents/${index}`;
  const parsed = schema.safeParse(input);
  // The text itself is kept as bytes, which may hold anything; only what goes into the registry must be storable.
  const problems: FieldProblem[] = parsed.success ? textProblemsOf(parsed.data, pointer, new Set([`${pointer}/text`])) : problemsOf(parsed.error, input, pointer);
  if (!parsed.success || problems.length > 0) return { index, problems: problems.slice(0, maximumProblemsPerDocument) };
  return make(parsed.data);
}
