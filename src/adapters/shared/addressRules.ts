import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether the address (as DNS answers it, or a literal without brackets) lies on the public internet. Fails closed. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  const carried = carriedIPv4(parsed);
  if (carried !== undefined) return isPublicAddress(carried);
  // All that is assigned for the public lies in 2000::/3; within it, `range` knows the exceptions (6to4, Teredo, documentation …).
  return parsed.range() === 'unicast' && parsed.match(publicIPv6);
}

const publicIPv6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
const nat64 = ipaddr.parseCIDR('64:ff9b::/96') as [ipaddr.IPv6, number];

/** The IPv4 address that packets to this one really go to: IPv4-mapped, and NAT64, by which IPv6-only networks reach IPv4 sites. */
function carriedIPv4(address: ipaddr.IPv6): string | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  if (!address.match(nat64)) return undefined;
  return address.toByteArray().slice(12).join('.');
}
