import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { problemsOf } from '../../../src/api/problems/issueProblems.ts';
import { deletionRequestSchema } from '../../../src/contracts/deletions.ts';
import { sourceDefinitionSchema } from '../../../src/contracts/sources.ts';

function problems(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : problemsOf(parsed.error, value).map(({ pointer, code, detail }) => `${pointer} ${code} ${detail}`);
}

const either = 'Expected exactly one of "documents" (identifiers), "sourceId" and "everything": true.';
const kinds = '"website", "sitemap", "feed", "pages", "bucket"';

describe('a union', () => {
  it.each<[unknown, string[]]>([
    [{}, [` invalid_value ${either}`]],
    [{ docs: [] }, [` invalid_value ${either}`]],
    [{ everything: true, sourceId: '0198c0de-0000-7000-8000-000000000000' }, [` invalid_value ${either}`]],
    [{ everything: false }, ['/everything invalid_value Invalid input: expected true.']],
    [{ documents: ['x'] }, ['/documents/0 invalid_format Invalid UUID.']],
    ['all', [' wrong_type Expected an object, got a string.']],
    [undefined, [' missing_field The field is required: an object.']],
  ])('of shapes tells what was most likely meant by %j', (value, expected) => {
    expect(problems(deletionRequestSchema, value)).toEqual(expected);
  });

  it.each<[unknown, string[]]>([
    [{ type: 'blog' }, [`/type invalid_value Expected one of ${kinds}.`]],
    [{}, [`/type missing_field The field is required: one of ${kinds}.`]],
    [{ type: 'feed' }, ['/url missing_field The field is required: a string.']],
    [4, [' wrong_type Expected an object, got a number.']],
  ])('of kinds names the kinds there are, for %j', (value, expected) => {
    expect(problems(sourceDefinitionSchema, value)).toEqual(expected);
  });
});
