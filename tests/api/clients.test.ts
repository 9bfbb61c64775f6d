/** Who a client is, and how often it may ask: addresses, minutes, and what is remembered of whom. */
import { describe, expect, it } from 'vitest';
import { clientOf, createClients } from '../../src/api/clients.js';

describe('who a client is', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
    ['2001:db8:0:7:a:b:c:d', '2001:db8:0:7::/64'],
    ['2001:0db8:0000:0007:ffff::', '2001:db8:0:7::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('%s is %s', (address, client) => expect(clientOf(address)).toBe(client));
});

describe('how often a client asked', () => {
  it('is counted by client and begins anew every minute, for those too that stayed connected', () => {
    let nowMs = 5_000;
    const clients = createClients(() => nowMs);
    const [one, other] = [clients.of('10.0.0.1'), clients.of('10.0.0.2')];
    other.connections = 1;
    expect([clients.asks(one), clients.asks(one), clients.asks(other)]).toEqual([1, 2, 1]);
    nowMs += 59_999;
    expect(clients.secondsLeft()).toBe(1);
    expect(clients.asks(clients.of('10.0.0.1'))).toBe(3);
    nowMs += 1;
    expect(clients.asks(other)).toBe(1);
    expect(clients.asks(clients.of('10.0.0.1'))).toBe(1);
    expect(clients.secondsLeft()).toBe(60);
  });

  it('is remembered of 65,536 clients that have nothing open, and of all that have', () => {
    const clients = createClients(() => 0);
    const busy = clients.of('10.9.9.9');
    busy.requests = 1;
    clients.asks(busy);
    for (let n = 0; n < 70_000; n++) {
      const client = clients.of(`10.0.${n >> 8}.${n & 255}`);
      clients.asks(client);
      clients.leave(client);
    }
    expect(clients.of('10.9.9.9').asked).toBe(1);
    expect(clients.of('10.0.0.1').asked).toBe(1);
    expect(clients.of(`10.0.${69_999 >> 8}.${69_999 & 255}`).asked).toBe(0);
  });
});
