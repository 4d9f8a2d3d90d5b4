import { expect, test } from 'vitest';
import { codeTerms } from '../../../src/tenancy/codeTerms.ts';
import { languageTerms } from '../../../src/tenancy/languageTerms.ts';
import { sourceHostOf } from '../../../src/tenancy/sourceHost.ts';

test('codes are stored by system with all broader ones, each once', () => {
  const found = [{ system: 'icd-10', code: 'E11.65' }, { system: 'icd-10', code: 'E11.9' }, { system: 'icd-11', code: '5A11.0' }] as const;
  expect(codeTerms(found)).toEqual({ 'icd-10': ['E11.65', 'E11.6', 'E11', 'E11.9'], 'icd-11': ['5A11.0', '5A11'] });
  expect(codeTerms([])).toEqual({});
});

test.each([['en', ['en']], ['pt_br', ['pt-BR', 'pt']], ['zh-hant-tw', ['zh-Hant-TW', 'zh']], ['not a language', []], ['', []], [undefined, []]])('the language %j is found by %j', (language, terms) => {
  expect(languageTerms(language)).toEqual(terms);
});

test.each([
  [{ type: 'url', location: 'https://Docs.Example.org:8443/a?b' } as const, 'docs.example.org'],
  [{ type: 'url', location: 'https://bücher.example/' } as const, 'xn--bcher-kva.example'],
  [{ type: 'upload', location: 'https://x.test/' } as const, undefined],
  [{ type: 'url', location: 'no address' } as const, undefined],
])('the host of %j is %s', (source, host) => {
  expect(sourceHostOf(source)).toBe(host);
});
