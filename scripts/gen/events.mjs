import { ClientEvents, NAMESPACE, ServerEvents } from '../../protocol/dist/index.js';
import { code, heading } from './markdown.mjs';

const INDENT = '  ';

/** Limits that matter to who writes a client, as a comment behind the type. */
function limitsOf(schema) {
  const limits = [];
  if (schema.maxLength !== undefined) limits.push(`${schema.minLength ?? 0} to ${schema.maxLength} characters`);
  if (schema.maxItems !== undefined) limits.push(`at most ${schema.maxItems}`);
  if (schema.default !== undefined) limits.push(`default ${JSON.stringify(schema.default)}`);
  return limits.length > 0 ? ` // ${limits.join(', ')}` : '';
}

const literals = (values) => values.map((value) => `'${value}'`).join(' | ');

function primitive(schema) {
  if (schema.enum) return literals(schema.enum);
  if (schema.const !== undefined) return literals([schema.const]);
  if (schema.format === 'uuid') return 'Id';
  if (schema.format === 'date-time') return 'Timestamp';
  const types = [schema.type].flat().map((type) => (type === 'integer' ? 'number' : type));
  return types.join(' | ') || 'unknown';
}

/** A schema in the words of TypeScript; named schemas by their name, collected into `named`. */
function shapeOf(schema, named, depth = 0) {
  if (schema.$ref) return nameOf(schema.$ref, named);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => shapeOf(choice, named, depth)).join(' | ');
  if (schema.type === 'array') {
    const item = shapeOf(schema.items ?? {}, named, depth);
    return item.includes(' ') ? `Array<${item}>` : `${item}[]`;
  }
  if (schema.type === 'object' && schema.properties) return objectShape(schema, named, depth);
  if (schema.type === 'object') return `Record<string, ${shapeOf(schema.additionalProperties ?? {}, named, depth)}>`;
  return primitive(schema);
}

function objectShape({ properties, required = [] }, named, depth) {
  const inner = INDENT.repeat(depth + 1);
  const lines = Object.entries(properties).map(([key, value]) => {
    const mark = required.includes(key) ? '' : '?';
    return `${inner}${key}${mark}: ${shapeOf(value, named, depth + 1)};${limitsOf(value)}`;
  });
  return `{\n${lines.join('\n')}\n${INDENT.repeat(depth)}}`;
}

/** Recursive schemas without a name of their own are free JSON. */
function nameOf(reference, named) {
  const name = reference.replace('#/$defs/', '');
  if (name.startsWith('__')) return 'Json';
  named.add(name);
  return name;
}

/** Definitions of all events together; one name means one shape everywhere. */
const definitions = new Map();

function describe(schema, io, named) {
  const json = schema.toJSONSchema({ io });
  for (const [name, definition] of Object.entries(json.$defs ?? {})) definitions.set(name, definition);
  return shapeOf(json, named);
}

/** The shape of a whole payload: spelled out, even if its schema has a name. */
function inFull(schema, io, named) {
  const json = schema.toJSONSchema({ io });
  for (const [name, definition] of Object.entries(json.$defs ?? {})) definitions.set(name, definition);
  const own = json.$ref ? json.$defs[json.$ref.replace('#/$defs/', '')] : json;
  return shapeOf(own, named);
}

const block = (text) => `\`\`\`ts\n${text}\n\`\`\``;

export function eventsPage() {
  const named = new Set();
  const fromClient = Object.entries(ClientEvents).map(([event, { payload, data }]) => {
    const asked = inFull(payload, 'input', named);
    const answered = inFull(data, 'output', named);
    return `### ${code(event)}\n\n${block(`type Payload = ${asked};\n\ntype Data = ${answered};`)}`;
  });
  const fromServer = Object.entries(ServerEvents).map(
    ([event, payload]) => `### ${code(event)}\n\n${block(`type Payload = ${describe(payload, 'output', named)};`)}`,
  );
  const shapes = [];
  // Describing a shape may name further ones: a set lets us walk on while it grows.
  for (const name of named)
    shapes.push(`### ${code(name)}\n\n${block(`type ${name} = ${shapeOf(definitions.get(name), named)};`)}`);
  return `${heading('Client and server events', '`protocol/src/events.ts`')}
Socket.IO 4, namespace \`${NAMESPACE}\`, WebSocket transport, with the access token in \`auth.token\`. \`Id\` is a UUID,
\`Timestamp\` is ISO 8601 in UTC with milliseconds, \`Json\` is anything JSON can say.

## From client to server

Every event is acknowledged exactly once: with \`{ ok: true, data: Data }\`, or with \`{ ok: false, error }\` and a code of
[the table of errors](errors.md). Unknown keys are refused.

${fromClient.join('\n\n')}

## From server to client

A socket receives what concerns all conversations of its person from the moment it is connected. Clients ignore events
and fields they do not know.

${fromServer.join('\n\n')}

## Shapes

${shapes.join('\n\n')}
`;
}
