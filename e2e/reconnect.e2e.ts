import type { StateChange } from '@parley/sdk';
import { expect, it } from 'vitest';
import { cast } from './cast.js';
import { ONE_NODE } from './harness/index.js';
import { openLine } from './line.js';
import { describeOn } from './on-each-deployment.js';

const HOUR = 3_600_000;

describeOn(ONE_NODE, (on) => {
  it('a client whose connection is lost says when it tries again, and tries at once when asked to', async () => {
    const line = await openLine(on().urls[0]);
    const { ann } = await cast(line.url, 'ann');
    const patient = ann.reload({ backoff: { first: HOUR, most: HOUR } });
    await patient.connect();
    const lost = new Promise<StateChange>((resolve) => void patient.on('state', resolve));
    line.cut();
    const { state, retryAt } = await lost;
    expect(state).toBe('connecting');
    expect(retryAt).toBeGreaterThan(Date.now());

    line.mend();
    const back = new Promise<void>((resolve) => {
      patient.on('state', (change) => change.state === 'connected' && resolve());
    });
    patient.reconnect();
    await back;
    patient.disconnect();
    ann.client.disconnect();
    await line.close();
  });
});
