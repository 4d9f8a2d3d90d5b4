export const ingestExamples = {
  text: {
    summary: 'Inline text',
    value: { documents: [{ id: 'refunds', title: 'Refunds', text: '# Refunds\n\nRefunds are paid within 14 days.', mediaType: 'text/markdown', tags: ['policies'], metadata: { year: 2025 } }] },
  },
  url: { summary: 'A web page', value: { documents: [{ url: 'https://example.com/handbook', tags: ['handbook'] }] } },
  upload: {
    summary: 'Files sent with POST /v1/uploads; invalid ones are skipped',
    value: { onInvalid: 'skip', documents: [{ uploadId: '0198c0de-0000-7000-8000-000000000001', title: 'Annual report', policies: ['finance'] }] },
  },
};
