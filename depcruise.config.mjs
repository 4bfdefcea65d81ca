/**
 * Who may import whom. Workspaces: web → sdk → protocol ← server. Inside the server: features import downward only,
 * in the order below, and a file's suffix is its layer.
 */

/** From the ground up: a feature may import those before it. */
const FEATURES = [
  'tenants',
  'users',
  'auth',
  'timeline',
  'conversations',
  'participants',
  'invites',
  'preferences',
  'deletion',
  'mentions',
  'messages',
  'revisions',
  'reactions',
  'polls',
  'pins',
  'expiry',
  'receipts',
  'presence',
  'sync',
];

const SERVER = '^server/src/';
const FEATURE = `${SERVER}(?!platform/)([^/]+)/`;
const TEST = '[.](spec|int|e2e|test-d)[.]ts$';
const TESTING = `${SERVER}platform/testing/`;
const SDK_FOR_NODE = '^sdk/src/node/';
const EDGE = '[.](controller|gateway|processor)[.]ts$';

const downward = FEATURES.slice(0, -1).map((feature, place) => ({
  name: `below-${FEATURES[place + 1]}`,
  severity: 'error',
  comment: `${feature}/ lies below ${FEATURES.slice(place + 1).join('/, ')}/: news travels up as domain events.`,
  from: { path: `${SERVER}${feature}/`, pathNot: TEST },
  to: { path: `${SERVER}(${FEATURES.slice(place + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one idea cut in the wrong place, and load in an order nobody chose.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing imports and that imports nothing is dead, or is missing from its module.',
      from: {
        orphan: true,
        pathNot: [
          TEST,
          '[.]d[.]ts$',
          '^[^/]+$',
          '^scripts/',
          '[.](events|jobs)[.]ts$',
          '^bench/src/collect-garbage[.]ts$',
        ],
      },
      to: {},
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'An import that cannot be found now fails at run time.',
      from: {},
      to: { couldNotResolve: true },
    },

    {
      name: 'protocol-stands-alone',
      severity: 'error',
      comment: 'The wire contract is read by every client, also in browsers: it knows schemas and nothing else.',
      from: { path: '^protocol/src/', pathNot: TEST },
      to: { pathNot: ['^protocol/src/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'sdk-knows-only-the-wire',
      severity: 'error',
      comment: 'A client must work against any server of the protocol.',
      from: { path: '^sdk/src/', pathNot: TEST },
      to: { path: '^(server|e2e|bench|web)/' },
    },
    {
      name: 'sdk-runs-in-browsers',
      severity: 'error',
      comment:
        'A module of Node.js would break every web client at its first import. What needs one is behind an entry of its own, which nothing else imports.',
      from: { path: '^sdk/src/', pathNot: [TEST, SDK_FOR_NODE] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sdk-for-node-apart',
      severity: 'error',
      comment: 'One import of it from the rest of the SDK would bring Node.js into every web client after all.',
      from: { path: '^sdk/src/', pathNot: [TEST, SDK_FOR_NODE] },
      to: { path: SDK_FOR_NODE },
    },
    {
      name: 'server-knows-only-the-wire',
      severity: 'error',
      comment: 'The server serves clients it has never seen; what both need belongs into the protocol.',
      from: { path: '^server/src/' },
      to: { path: '^(sdk|e2e|bench|web)/' },
    },
    {
      name: 'outsiders-stay-outside',
      severity: 'error',
      comment: 'End-to-end tests and benches meet the server as a client does; reaching inside would prove nothing.',
      from: { path: '^(e2e|bench|web)/', pathNot: TEST },
      to: { path: '^server/src/' },
    },
    {
      name: 'web-through-sdk',
      severity: 'error',
      comment: 'A second REST or socket client in the web would have its own bugs; the SDK is the one client.',
      from: { path: '^web/' },
      to: { path: '(^|/)node_modules/socket[.]io-client/' },
    },

    {
      name: 'platform-below-features',
      severity: 'error',
      comment: 'The platform is technology: what it needs of a feature, the feature hands to it at start-up.',
      from: { path: `${SERVER}platform/`, pathNot: [TEST, TESTING] },
      to: { path: SERVER, pathNot: [`${SERVER}platform/`, `${SERVER}(config|start-error)[.]ts$`] },
    },
    ...downward,
    {
      name: 'feature-in-order',
      severity: 'error',
      comment: `A feature that is not in the list of depcruise.config.mjs has no place above or below the others.`,
      from: { path: FEATURE, pathNot: `${SERVER}(${FEATURES.join('|')})/` },
      to: {},
    },
    {
      name: 'feature-front-door',
      severity: 'error',
      comment: 'What a feature does not export in its index.ts is free to change: others may not depend on it.',
      from: { path: FEATURE, pathNot: TEST },
      to: { path: FEATURE, pathNot: [`${SERVER}$1/`, `${SERVER}[^/]+/index[.]ts$`] },
    },
    {
      name: 'edge-without-storage',
      severity: 'error',
      comment:
        'Controllers, gateways and processors translate and delegate; access and rules are the services’ and would be skipped.',
      from: { path: EDGE },
      to: { path: ['[.](repository|entity|queries)[.]ts$', '(^|/)node_modules/(typeorm|pg)/'] },
    },
    {
      name: 'nothing-above-the-edge',
      severity: 'error',
      comment: 'The edge is where calls come in; only a module mounts it.',
      from: { path: `${SERVER}`, pathNot: [TEST, '[.]module[.]ts$'] },
      to: { path: EDGE },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      comment: 'A rule worth a file of its own must be testable without Nest, database or clock.',
      from: { path: '[.]rules[.]ts$' },
      to: { pathNot: ['[.]rules[.]ts$', '^protocol/'] },
    },
    {
      name: 'storage-knows-no-rules-of-use',
      severity: 'error',
      comment: 'Repositories and entities store and find; a service above them decides.',
      from: { path: '[.](repository|entity|queries)[.]ts$', pathNot: TEST },
      to: {
        path: [
          '[.](service|listener|controller|gateway|processor|module)[.]ts$',
          '(^|/)node_modules/@nestjs/(?!common/)',
        ],
      },
    },
    {
      name: 'orm-in-storage-only',
      severity: 'error',
      comment: 'No type of the ORM may shape a service: how rows are found is the repository’s own business.',
      from: { path: FEATURE, pathNot: [TEST, '[.](repository|entity)[.]ts$'] },
      to: { path: '(^|/)node_modules/typeorm/' },
    },
    {
      name: 'technology-in-platform',
      severity: 'error',
      comment:
        'Drivers and vendors are wrapped once. The two group-commit writers alone talk to pg: they are the hot paths.',
      from: { path: FEATURE, pathNot: [TEST, `${SERVER}timeline/append`, `${SERVER}receipts/mark`] },
      to: {
        path: '(^|/)node_modules/(pg|socket[.]io|@socket[.]io|ioredis|bullmq|nodemailer|winston|prom-client|rate-limiter-flexible)/',
      },
    },
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      comment: 'What only tests need is not built and not shipped.',
      from: { path: '^(protocol|sdk|server)/src/', pathNot: [TEST, TESTING] },
      to: { path: [TEST, TESTING, '(^|/)node_modules/vitest/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    // Also what is gone after compiling: a type of a layer ties to that layer all the same.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Workspaces are met as sources, so that rules can speak of their folders.
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.mjs', '.js', '.json'],
    },
  },
};
