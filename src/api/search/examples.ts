export const searchExamples = {
  simple: { summary: 'A question', value: { query: 'How are refunds handled?' } },
  filtered: {
    summary: 'With filters and explanation',
    value: { query: 'refund deadline', mode: 'hybrid', limit: 5, filters: { tags: ['policies'], metadata: { year: { gte: 2024 } } }, explain: true },
  },
  boosted: {
    summary: 'What is new and what is official first',
    value: { query: 'travel expenses', boosts: { recency: { weight: 0.2, halfLifeDays: 180 }, sources: [{ prefix: 'https://intranet.example.com/policies/', weight: 0.2 }] } },
  },
  codes: {
    summary: 'By diagnosis code, host, language and dates, with facets',
    value: {
      query: 'first-line treatment',
      filters: { codes: { 'icd-10': ['E11', 'I10-I15'] }, source: { host: 'guidelines.example.org' }, languages: ['en'], metadata: { reviewed: { from: '2025-01-01' } }, not: { tags: ['draft'] } },
      facets: ['codes.icd-10', 'tags', 'metadata.region'],
    },
  },
  metadata: {
    summary: 'Conditions on metadata',
    value: { query: 'spare parts', filters: { metadata: { part: { prefix: 'AX-4' }, price: { gte: 10, lt: 50 }, owner: { exists: true }, status: { not: ['expired', 'draft'] }, region: ['north', 'south'] } } },
  },
};

export const searchSettingsExamples = {
  boosts: { summary: 'What is new and what is official first', value: { boosts: { titleMatch: 0.3, recency: { weight: 0.2, halfLifeDays: 180 }, sources: [{ prefix: 'https://intranet.example.com/policies/', weight: 0.2 }] } } },
  termWeights: { summary: 'A term that tells, and a name that stands in every document', value: { termWeights: { NSAID: 2, Contoso: 0 } } },
  tokenVectors: { summary: 'No codes of tokens for what is ingested from now on', value: { tokenVectors: 'off' } },
};
