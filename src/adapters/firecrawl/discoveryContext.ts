import type { DiscoveredDocument, DiscoveryStep, UnreadableDocument } from '../../ports/sourceDiscovery.ts';
import type { AddressRule } from '../shared/targetUrl.ts';
import type { DiscoveryCursor } from './discoveryCursor.ts';
import type { FirecrawlConnection } from './firecrawlConnection.ts';
import type { WebhookTarget } from './webhookTarget.ts';

export interface PollTiming {
  /** Between two looks at a job that goes on, and at one where nothing happens. */
  readonly minimumMs: number;
  readonly maximumMs: number;
  /** A job that does nothing for so long is given up. */
  readonly stalledAfterMs: number;
  /** How long a started crawl is looked for, whose id was lost. */
  readonly searchMs: number;
  /** How long a step reads pages of results before it hands them over. */
  readonly stepMs: number;
}

/** What all steps share. */
export interface DiscoveryContext {
  readonly connection: FirecrawlConnection;
  readonly isAllowed: AddressRule;
  readonly allowPrivateAddresses: boolean;
  /** For one page. */
  readonly scrapeTimeoutMs: number;
  readonly maximumBytes: number;
  readonly poll: PollTiming;
  /** Whether the service remembers idempotency keys; a self-hosted one without its database fails on them. */
  readonly idempotencyKeys: boolean;
  readonly webhook: WebhookTarget | undefined;
  readonly batchSize: number;
  readonly now: () => number;
}

export interface StepContent {
  readonly documents?: readonly DiscoveredDocument[];
  readonly unreadable?: readonly UnreadableDocument[];
  readonly gaps?: readonly string[];
  readonly waitMs?: number;
}

export function stepTo(cursor: DiscoveryCursor, { documents = [], unreadable = [], gaps = [], waitMs }: StepContent = {}): DiscoveryStep {
  return { documents, unreadable, visited: [], found: [], cursor, done: cursor.phase === 'finished', gaps, ...(waitMs === undefined ? {} : { waitMs }) };
}
