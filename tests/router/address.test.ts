/** A router that listens on every interface names a real host for each side. */
import { hostname, networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { addressesOf, joinCommand } from '../../src/router/address.js';
import { Cluster } from '../support/cluster.js';
import { chunksOf, echoValues } from '../support/fixture-chunks.js';

describe('addressesOf', () => {
  it('replaces a wildcard by loopback for this machine and by its name for others', () => {
    for (const wild of ['*', '0.0.0.0', '[::]']) {
      expect(addressesOf(`tcp://${wild}:5555`, 'desk')).toEqual({
        address: 'tcp://127.0.0.1:5555',
        joinAddress: 'tcp://desk:5555',
      });
    }
  });

  it('leaves every other address as it is', () => {
    for (const address of ['tcp://127.0.0.1:1', 'tcp://10.0.0.7:5555', 'tcp://[::1]:9', 'ipc:///tmp/x']) {
      expect(addressesOf(address, 'desk')).toEqual({ address, joinAddress: address });
    }
  });
});

describe('joinCommand', () => {
  it('names the public key and the file of the secret one, or that there is none', () => {
    const address = 'tcp://desk:7777';
    expect(joinCommand(address, 'plain')).toBe('mms node --router tcp://desk:7777');
    expect(joinCommand(address, 'insecure')).toBe('mms node --router tcp://desk:7777 --insecure');
    expect(joinCommand(address, { serverKey: 'ab12', node: 'attic' })).toBe(
      'mms node --router tcp://desk:7777 --server-key ab12 --key-file attic.key',
    );
  });
});

describe('a router on every interface', () => {
  let cluster: Cluster;
  afterEach(() => cluster.stop());

  it.each(['tcp://0.0.0.0:0', 'tcp://*:*'])('is joined at its address when bound to %s', async (bind) => {
    cluster = await Cluster.start(bind);
    const { address, joinAddress } = cluster.router;
    const port = /^tcp:\/\/127\.0\.0\.1:([1-9]\d*)$/.exec(address)?.[1];
    expect(joinAddress).toBe(`tcp://${hostname()}:${port}`);
    cluster.spawn('one');
    cluster.router.offer(chunksOf('job', 'echo', 2));
    await cluster.events.until(() => cluster.events.ended.size === 2);
    expect(cluster.events.values('job', 2)).toEqual(echoValues(2));
  });

  it('takes IPv6 addresses', async () => {
    cluster = new Cluster();
    const hasIpv6 = Object.values(networkInterfaces()).some((all) => all!.some((i) => i.address === '::1'));
    const opened = cluster.open('tcp://[::1]:0');
    if (!hasIpv6) {
      await expect(opened).rejects.toMatchObject({ problem: { code: 'E_CONFIG' } });
      return cluster.open();
    }
    await opened;
    expect(cluster.router.joinAddress).toMatch(/^tcp:\/\/\[::1\]:[1-9]\d*$/);
    cluster.spawn('one');
    await cluster.joined(1);
  });
});
