import type { DocumentInput } from '../../../src/sdk/client.ts';
import { makeNotes } from '../corpus.ts';
import { endpointDimension } from './slowEndpoint.ts';

/** A stack and the jobs that run in it, one after the other. */
export interface Scenario {
  readonly name: string;
  readonly environment: (endpoint: string) => Readonly<Record<string, string>>;
  readonly jobs: (texts: readonly DocumentInput[]) => readonly PlannedJob[];
}

export interface PlannedJob {
  readonly name: string;
  readonly documents: readonly DocumentInput[];
  /** Begins in another tenant after so many seconds, and takes its share. */
  readonly beside?: { readonly afterSeconds: number; readonly documents: readonly DocumentInput[] };
}

const stub = { CATALYST_EMBEDDING_PROVIDER: 'stub' };

export const scenarios: readonly Scenario[] = [
  {
    name: 'stub, slices',
    environment: () => stub,
    jobs: () => [
      { name: '6,000 notes', documents: named('a', makeNotes(6_000)) },
      { name: '3,000 notes, others join', documents: named('b', makeNotes(3_000)), beside: { afterSeconds: 4, documents: named('c', makeNotes(2_000)) } },
    ],
  },
  {
    name: 'stub, one workflow a document',
    environment: () => ({ ...stub, CATALYST_SLICE_DOCUMENTS: '1' }),
    jobs: () => [
      { name: '250 notes', documents: named('a', makeNotes(250)) },
      { name: '400 notes', documents: named('b', makeNotes(400)) },
    ],
  },
  {
    name: 'embedded model',
    environment: () => ({}),
    jobs: (texts) => [
      { name: '1,500 abstracts', documents: named('a', texts.slice(0, 1_500)) },
      { name: '300 of mixed size', documents: named('b', mixedSizes(texts, 300, 16)) },
      { name: '800 abstracts, others join', documents: named('c', texts.slice(2_000, 2_800)), beside: { afterSeconds: 8, documents: named('d', texts.slice(3_000, 3_400)) } },
    ],
  },
  {
    name: 'slow endpoint',
    environment: (endpoint) => ({ CATALYST_EMBEDDING_PROVIDER: 'openai', CATALYST_EMBEDDING_BASE_URL: endpoint, CATALYST_EMBEDDING_DIMENSION: String(endpointDimension) }),
    jobs: (texts) => [
      { name: '2,000 abstracts', documents: named('a', texts.slice(0, 2_000)) },
      { name: '400 of mixed size', documents: named('b', mixedSizes(texts, 400, 24)) },
    ],
  },
];

/** No text is that of another job, so that nothing is found made already. */
function named(name: string, documents: readonly DocumentInput[]): DocumentInput[] {
  return documents.map((document, position) => ({ id: `${name}-${position}`, text: `${name} ${position}. ${'text' in document ? document.text : ''}` }));
}

/** Most are short, few are up to `most` times as long, as files are. */
function mixedSizes(texts: readonly DocumentInput[], count: number, most: number): DocumentInput[] {
  return Array.from({ length: count }, (_, position) => {
    // Spread evenly over the powers of two, in an order that has no pattern for the job to follow.
    const size = Math.floor(most ** (((position * 0.618_034) % 1) ** 2));
    const text = Array.from({ length: size }, (_unused, part) => textAt(texts, position * 7 + part)).join('\n\n');
    return { id: `mixed-${position}`, text };
  });
}

function textAt(texts: readonly DocumentInput[], position: number): string {
  const document = texts[position % texts.length];
  return document !== undefined && 'text' in document ? document.text : '';
}
