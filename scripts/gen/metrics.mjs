import { code, heading, table } from './markdown.mjs';
import { importServer } from './server.mjs';

const { Metrics } = await importServer('platform/metrics/metrics.js');

/** Those of prom-client itself, about the process and Node.js. */
const isOfRuntime = (name) => /^(process|nodejs)_/.test(name);

export function metricsPage() {
  const { registry } = new Metrics();
  const own = registry.getMetricsAsArray().filter(({ name }) => !isOfRuntime(name));
  const rows = own.map(({ name, type, labelNames, help }) => [
    code(name),
    type,
    labelNames.map(code).join(', ') || 'none',
    help,
  ]);
  registry.clear();
  return `${heading('Metrics', '`server/src/platform/metrics/metrics.ts`')}
\`GET /metrics\` answers in the text format of Prometheus. With \`METRICS_TOKEN\` set it asks for that token as a bearer token;
without one it answers only direct calls from the same machine, and nobody in production. To anyone else it does not exist.

Labels are few and never name a person or a conversation: \`route\` is the pattern of a route, not its path.

${table(['Metric', 'Type', 'Labels', 'Meaning'], rows)}

Beside these stand the usual ones of Node.js and the process, \`nodejs_*\` and \`process_*\`: memory, CPU, file handles,
garbage collection, and \`nodejs_eventloop_lag_seconds\`, which shows first when a node has too much to do.
`;
}
