import { code, heading, table } from './markdown.mjs';
import { importServer } from './server.mjs';

const { LIMITS } = await importServer('platform/limits/limits.js');

const spell = (seconds) => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

export function limitsPage() {
  const rows = Object.entries(LIMITS).map(([name, { points, seconds, per }]) => [
    code(name),
    points,
    spell(seconds),
    per,
  ]);
  return `${heading('Limits', '`server/src/platform/limits/limits.ts`')}
One table holds for REST and sockets alike. What goes beyond a line is answered with \`rate_limited\` (429) and the time to
wait. An address is the client's as seen through the proxies of \`TRUST_PROXY\`; the addresses of one IPv6 /64 count as one.
Buckets are kept in the memory of the process. \`LIMITS=off\` lifts the table for benches and tests and is refused in
production.

${table(['Limit', 'At most', 'Within', 'Per'], rows)}
`;
}
