/** The first lines of every generated page. */
export const heading = (title, from) =>
  `<!-- Generated from ${from} by \`npm run gen\`. Change that file, not this page. -->\n\n# ${title}\n`;

const cell = (value) => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells) => `| ${cells.map(cell).join(' | ')} |`;

/** A table of these columns; Prettier lines it up. */
export const table = (columns, rows) => [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n');

export const code = (value) => `\`${value}\``;
