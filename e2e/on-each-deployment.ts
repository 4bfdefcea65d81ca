import { afterAll, beforeAll, describe } from 'vitest';
import { type Deployment, type Kind, ONE_NODE, TWO_NODES } from './harness/index.js';

/**
 * Describes what must hold however Parley is run: on one node and on several. `on()` is the running deployment; its
 * people are spread over its nodes by `cast`.
 */
export function describeOnEachDeployment(
  body: (on: () => Deployment) => void,
  env: Readonly<Record<string, string>> = { LIMITS: 'off', LOG_LEVEL: 'warn' },
): void {
  for (const kind of [ONE_NODE, TWO_NODES]) describeOn(kind, body, env);
}

/** As above, on one kind of deployment. */
export function describeOn(
  kind: Kind,
  body: (on: () => Deployment) => void,
  env: Readonly<Record<string, string>> = { LIMITS: 'off', LOG_LEVEL: 'warn' },
): void {
  describe.skipIf(kind.isMissing)(`${kind.name}`, () => {
    let deployment: Deployment | undefined;
    beforeAll(async () => {
      deployment = await kind.start(env);
    });
    afterAll(() => deployment?.cleanup());
    body(() => {
      if (!deployment) throw new Error('The deployment is not running yet');
      return deployment;
    });
  });
}
