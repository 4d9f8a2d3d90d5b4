import type { EventSink } from '../contracts/events.ts';
import { createLogger, logEvent } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { recordMetrics } from './recordMetrics.ts';

/** The one consumer of domain events: a log line and the metrics of each. */
export function createObserver(service: string, logLevel: string) {
  const logger = createLogger(service, logLevel);
  const metrics = createMetrics(service);
  const emit: EventSink = (event) => {
    logEvent(logger, event);
    recordMetrics(metrics, event);
  };
  return { logger, emit, metrics: { contentType: metrics.registry.contentType, render: () => metrics.registry.metrics() } };
}
