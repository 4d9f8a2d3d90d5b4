import type { DomainEvent } from '../contracts/events.ts';
import type { Metrics } from './metrics.ts';

/** What each event means for the metrics. */
export function recordMetrics(metrics: Metrics, event: DomainEvent): void {
  switch (event.type) {
    case 'request.finished':
      metrics.requests.observe({ method: event.method, route: event.route, status: event.status }, event.latencyMs / 1000);
      break;
    case 'job.accepted':
      metrics.jobs.inc({ state: 'accepted' });
      break;
    case 'job.finished':
      metrics.jobs.inc({ state: event.state });
      break;
    case 'document.finished':
      metrics.documents.inc({ state: event.state, outcome: event.outcome ?? 'none', code: event.code ?? 'none' });
      if (event.outcome === 'created' || event.outcome === 'updated') metrics.chunks.inc(event.chunks);
      break;
    case 'stage.finished':
      metrics.stages.observe({ stage: event.stage }, event.latencyMs / 1000);
      metrics.stageDocuments.inc({ stage: event.stage, result: 'reused' }, event.reused);
      metrics.stageDocuments.inc({ stage: event.stage, result: 'failed' }, event.failed);
      metrics.stageDocuments.inc({ stage: event.stage, result: 'made' }, Math.max(0, event.documents - event.reused - event.failed));
      break;
    case 'texts.embedded':
      metrics.embeddedTexts.inc(event.texts);
      metrics.embeddedTokens.inc(event.tokens);
      metrics.embeddingSeconds.inc(event.latencyMs / 1000);
      break;
    case 'search.finished':
      metrics.searches.observe({ mode: event.mode, part: 'all' }, event.latencyMs / 1000);
      metrics.searches.observe({ mode: event.mode, part: 'embed' }, event.embedMs / 1000);
      metrics.searches.observe({ mode: event.mode, part: 'retrieve' }, event.retrieveMs / 1000);
      break;
    case 'dependency.failed':
      metrics.dependencyFailures.inc({ dependency: event.dependency, code: event.code });
      break;
    case 'service.started':
    case 'service.stopping':
      break;
  }
}
