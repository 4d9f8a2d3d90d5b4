import { describe, expect, test } from 'vitest';
import { analyseIntent } from '../../../../src/retrieval/analysis/intent.ts';
import type { QueryIntent } from '../../../../src/contracts/queryAnalysis.ts';

const examples: Readonly<Record<QueryIntent, readonly string[]>> = {
  identifier: ['E11.9', 'ICD-10 E11.9', 'CVE-2024-3094', 'getUserById', 'ECONNREFUSED', 'error ECONNREFUSED', 'src/api/main.ts', 'foo_bar', '10.1000/182', 'C++', '#4711', '550e8400-e29b-41d4-a716-446655440000', '90210', 'ISO 9001', 'someone@example.org'],
  keyword: ['diabetes', 'heart failure treatment', 'vitamin B12 deficiency symptoms', 'refund policy', 'can opener', 'Mietvertrag Kündigung', '分裂', 'the cell'],
  question: ['How are refunds handled?', 'what causes type 2 diabetes', 'E11.9?', 'Wie kündige ich den Vertrag', 'pourquoi le ciel est bleu', '¿Dónde está la biblioteca', 'Is E11.9 billable', 'что такое диабет', '糖尿病とは何ですか？'],
  passage: [`${'Patients with heart failure were followed for a year. '.repeat(3)}`, Array.from({ length: 25 }, (_, index) => `word${index}`).join(' ')],
};

describe('intent of a query', () => {
  test.each(Object.entries(examples).flatMap(([intent, queries]) => queries.map((query) => [query, intent] as const)))('%j is of the kind %s', (query, intent) => {
    const found = analyseIntent(query);
    expect(found.intent).toBe(intent);
    expect(found.evidence.length).toBeGreaterThan(0);
  });

  test('says what speaks for it', () => {
    expect(analyseIntent('error ECONNREFUSED').evidence).toEqual(['"ECONNREFUSED" is written as a code or a name']);
    expect(analyseIntent('why do cells die').evidence).toEqual(['it begins with "why"']);
    expect(analyseIntent(' … ').intent).toBe('keyword');
  });
});
