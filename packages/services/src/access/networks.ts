import { BlockList, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An address without the IPv6 clothes that a dual-stack socket puts on an IPv4 one. */
function plain(ip: string): string {
  return MAPPED.exec(ip)?.[1] ?? ip;
}

const family = (ip: string) => (isIPv6(ip) ? 'ipv6' : 'ipv4');

/** True when an address lies in one of the networks, or there are none. */
export function isInside(cidrs: readonly string[], ip: string): boolean {
  if (cidrs.length === 0) return true;
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits = ''] = cidr.split('/');
    list.addSubnet(address, Number(bits), family(address));
  }
  const address = plain(ip);
  return list.check(address, family(address));
}

/** True when every network of `inner` lies in one of `outer`, or `outer` has no limits. */
export function areInside(outer: readonly string[], inner: readonly string[]): boolean {
  if (outer.length === 0) return true;
  if (inner.length === 0) return false;
  return inner.every((cidr) => {
    const [address = '', bits = ''] = cidr.split('/');
    return outer.some((one) => Number(one.split('/')[1]) <= Number(bits) && isInside([one], address));
  });
}

/** The network of an address that is kept of it: /24 or /48. */
export function prefixOf(ip: string): string {
  const address = plain(ip);
  if (!isIPv6(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  const groups = [...left, ...zeros, ...right].slice(0, 3).map((part) => Number.parseInt(part, 16).toString(16));
  return `${groups.join(':')}::/48`;
}
