/** What only the ZeroMQ router does with real sockets; the rest is in tests/transport. */
import { afterEach, describe, expect, it } from 'vitest';
import { Cluster } from '../support/cluster.js';

let cluster: Cluster;
afterEach(() => cluster.stop());

describe('openRouter', () => {
  it('says which address is taken and what to do', async () => {
    cluster = await Cluster.start();
    const { address } = cluster.router;
    await expect(new Cluster().open(address)).rejects.toThrow(
      `Expected a free address for the router; ${address} says: Address already in use. Choose another port.`,
    );
  });
});
