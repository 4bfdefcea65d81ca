import { readConfig, SETTINGS } from '../../server/dist/config.js';
import { code, heading, table } from './markdown.mjs';

/** Whether the words for "unset" are the default itself rather than a description of what happens. */
function isLiteral(name, unset) {
  try {
    const given = readConfig({ [name]: unset })[name];
    return given !== undefined && JSON.stringify(given) === JSON.stringify(readConfig({})[name]);
  } catch {
    return false;
  }
}

export function configurationPage() {
  const rows = Object.entries(SETTINGS).map(([name, { unset, about }]) => [
    code(name),
    isLiteral(name, unset) || unset.startsWith('http') ? code(unset) : unset,
    about,
  ]);
  return `${heading('Configuration', '`server/src/config.ts`')}
The server reads its settings once, at its start, from the environment and from a file \`.env\` in the directory it is
started in; the environment wins. A setting that is faulty stops the start with a message that names it. An empty value
counts as unset.

Any setting can come from a file instead: \`JWT_SECRET_FILE=/run/secrets/jwt\` sets \`JWT_SECRET\` to what that file holds.

\`.env.example\` lists all of them, ready to be copied.

${table(['Setting', 'When unset', 'Meaning'], rows)}
`;
}

export function envExample() {
  const entries = Object.entries(SETTINGS).map(([name, { unset, about }]) => {
    const value = isLiteral(name, unset) ? unset : '';
    const meaning = value ? `# ${about}` : `# ${about}\n# Unset: ${unset}.`;
    return `${meaning}\n# ${name}=${/[\s<>#]/.test(value) ? `"${value}"` : value}\n`;
  });
  return `# Copy this to .env and take away the # of what you change. All settings: docs/configuration.md.
# Generated from server/src/config.ts by \`npm run gen\`.

${entries.join('\n')}`;
}
