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
};
