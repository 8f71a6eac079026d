import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { EgressPolicy } from '@patchcord/contracts';
import ipaddr from 'ipaddr.js';

/** Thrown towards the connection, and recognised when the request fails because of it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor(host: string, address: string) {
    const what =
      host === address ? `${address} is not a public address` : `${host} is ${address}, not a public address`;
    super(`${what}, and not one that both its egress.allowCidrs and the operator's EGRESS_ALLOWED_CIDRS name`);
  }
}

/** Whether an address may be connected to. */
export type AddressCheck = (address: string) => boolean;

const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Only public addresses, and what the policy's ranges add within `bounds`, where there are any. Addresses that carry an
 * IPv4 address inside (mapped, 6to4, NAT64, Teredo) are not public to us: what they lead to is not what they look like.
 */
export function createAddressCheck(policy: EgressPolicy, bounds?: readonly string[]): AddressCheck {
  const isAllowed = inRanges(policy.allowCidrs);
  const isWithin = bounds === undefined ? () => true : inRanges(bounds);
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    return isPublic(address) || (isAllowed(address) && isWithin(address));
  };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function inRanges(cidrs: readonly string[]): (address: Address) => boolean {
  const ranges = cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  return (address) => ranges.some((range) => address.kind() === range[0].kind() && address.match(range));
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

/** Finds all addresses of a name: `lookup` of `node:dns`, or another for tests. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A resolver that gives only addresses that may be connected to, and fails when a name has none. */
export function guardedLookup(isAllowed: AddressCheck, resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    resolve(hostname, all, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const usable = addresses.filter(({ address }) => isAllowed(address));
      const [first] = usable;
      if (first === undefined) return callback(refusal(hostname, addresses), '', 0);
      if (options.all === true) return callback(null, usable);
      callback(null, first.address, first.family);
    });
  };
}

const refusal = (hostname: string, addresses: readonly LookupAddress[]): AddressRefused =>
  new AddressRefused(hostname, addresses.map(({ address }) => address).join(', ') || 'nothing');
