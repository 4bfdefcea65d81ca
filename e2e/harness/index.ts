export { type Attempt, check, type Observation, type SeenSeat, type Violation } from './checker.js';
export { type Deployment, type Kind, ONE_NODE, TWO_NODES } from './deployments.js';
export { readHistory } from './history.js';
export { type RunningServer, type ServerOptions, startServer } from './server.js';
