import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { EgressPolicy } from '@patchcord/contracts';
import ipaddr from 'ipaddr.js';

/** Thrown towards the connection, and recognised when the request fails because of it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor(host: string, address: string) {
    super(host === address ? `${address} is not a public address` : `${host} is ${address}, not a public address`);
  }
}

/** Whether an address may be connected to. */
export type AddressCheck = (address: string) => boolean;

const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Only public addresses, and what the policy's ranges add. Addresses that carry an IPv4 address inside (mapped, 6to4,
 * NAT64, Teredo) are not public to us: what they lead to is not what they look like.
 */
export function createAddressCheck(policy: EgressPolicy): AddressCheck {
  const allowed = policy.allowCidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    return isPublic(address) || allowed.some((range) => address.kind() === range[0].kind() && address.match(range));
  };
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

/** A resolver that gives only addresses that may be connected to, and fails when a name has none. */
export function guardedLookup(isAllowed: AddressCheck): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    systemLookup(hostname, all, (error, addresses) => {
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
