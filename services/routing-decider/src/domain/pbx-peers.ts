import { BlockList, isIP } from 'node:net';

/** A PBX that hands calls over, and from where it may. */
export interface PbxPeer {
  readonly pbxId: string;
  readonly tenantId: string;
  /** IP addresses and ranges, e.g. `10.0.0.5` or `10.1.0.0/24`. */
  readonly addresses: readonly string[];
}

/** Whose calls come from an address; undefined: nobody's. */
export type PbxOfPeer = (address: string) => PbxPeer | undefined;

/** The first that names the address. */
export function createPbxOfPeer(peers: readonly PbxPeer[]): PbxOfPeer {
  const lists = peers.map((peer) => ({ peer, list: listOf(peer.addresses) }));
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
    const version = isIP(plain);
    if (version === 0) return undefined;
    return lists.find(({ list }) => list.check(plain, familyOf(version)))?.peer;
  };
}

/** Whether a text is an address or a range. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', bits] = text.split('/');
    const family = familyOf(isIP(address));
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const familyOf = (version: number): 'ipv4' | 'ipv6' => (version === 6 ? 'ipv6' : 'ipv4');
