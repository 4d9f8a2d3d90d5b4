import type { Counter, Gauge, Histogram } from 'prom-client';
import { createMetrics } from '../../src/observability/metrics.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';

/** What prom-client keeps of a metric and does not declare. */
interface DescribedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
  readonly upperBounds?: readonly number[];
}

const introduction = `\`GET /metrics\` of the API, and of the worker on its own port (\`CATALYST_WORKER_METRICS_PORT\`), in the Prometheus text format. Both processes know all of these; each counts what happens in it: requests and searches in the API, stages, documents and embedding in the worker. Every metric also carries the label \`service\` (\`api\` or \`worker\`). Tenants are no label, so that the number of series stays bounded.

Besides these come the metrics of the process and of Node.js (\`process_*\`, \`nodejs_*\`) as prom-client collects them.`;

/** `docs/reference/metrics.md`. */
export function metricsPage(): string {
  const { registry: _registry, ...metrics } = createMetrics('documentation');
  const described = Object.values(metrics).map((metric: Counter | Gauge | Histogram) => metric as unknown as DescribedMetric);
  const rows = described.map((metric) => [codeText(metric.name), metric.type, metric.labelNames.map(codeText).join(', ') || '–', metric.help]);
  const bounds = described.find(({ upperBounds }) => upperBounds !== undefined)?.upperBounds ?? [];
  return madePage(
    'Metrics',
    'src/observability/metrics.ts',
    introduction,
    markdownTable(['Metric', 'Type', 'Labels', 'What it says'], rows),
    `Histograms are in seconds, with the bounds ${bounds.join(', ')}.`,
  );
}
