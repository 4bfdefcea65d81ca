import { describe, expect, it } from 'vitest';
import { limitAddress } from './address.js';

describe('the address a limit is kept for', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['1::2:3:4:5:6:7', '1:0:2:3'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('of %s is %s', (address, kept) => {
    expect(limitAddress(address)).toBe(kept);
  });

  it('is one for all addresses of a host with a /64, and another for its neighbour', () => {
    const own = ['2001:db8:1:2::1', '2001:db8:1:2:3::', '2001:db8:1:2:ffff:ffff:ffff:ffff'].map(limitAddress);
    expect(new Set(own).size).toBe(1);
    expect(limitAddress('2001:db8:1:3::1')).not.toBe(own[0]);
  });
});
