import { Errors } from '../../protocol/dist/index.js';
import { code, heading, table } from './markdown.mjs';

export function errorsPage() {
  const rows = Object.entries(Errors).map(([name, { status, retryable, title }]) => [
    code(name),
    status,
    retryable ? 'yes' : 'no',
    title,
  ]);
  return `${heading('Errors', '`protocol/src/errors.ts`')}
Every failure has one of these codes, whichever way it was met. Codes are stable; the words beside them may change.

- **REST** answers with the status and an \`application/problem+json\` document whose \`code\` is the code and whose
  \`requestId\` is the one in the server's log. A 400 lists its faults in \`errors\`, each with the path of the field.
  A 429 or 503 says in \`Retry-After\` how many seconds to wait.
- **A client event** is acknowledged with \`{ ok: false, error: { code, message, retryable, retryAfterMs?, errors? } }\`.
- **A connection** that is refused ends in \`connect_error\`, with the code in \`data.code\`.

"Retry" says whether the same request, unchanged, can succeed later.

${table(['Code', 'Status', 'Retry', 'Meaning'], rows)}
`;
}
