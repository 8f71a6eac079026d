import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { MailServer } from '@patchcord/contracts';
import { AddressRefused, createAddressCheck, guardedLookup, type Resolve } from '../address-guard.ts';

export interface SocketTerms {
  readonly server: Pick<MailServer, 'host' | 'port' | 'egress'>;
  readonly allowedCidrs?: readonly string[] | undefined;
  readonly resolve?: Resolve | undefined;
  /** Destroys the socket at any time, also later. */
  readonly signal: AbortSignal;
}

/**
 * A connection to an address that policy and operator allow, whatever the host's name resolves to at that moment. It
 * is the only one made for a message: what speaks SMTP gets this socket and resolves nothing by itself.
 */
export async function guardedSocket({ server, allowedCidrs, resolve, signal }: SocketTerms): Promise<Socket> {
  const { host, port, egress } = server;
  const isAllowed = createAddressCheck({ allowHttp: false, allowCidrs: egress.allowCidrs }, allowedCidrs);
  if (isIP(host) !== 0 && !isAllowed(host)) throw new AddressRefused(host, host);
  // With a signal that has fired already, Node destroys the socket first and connects it then.
  signal.throwIfAborted();
  const socket = connect({ host, port, lookup: guardedLookup(isAllowed, resolve), signal });
  await once(socket, 'connect');
  // Under TLS nobody else listens to it, and it also fails when the signal ends it.
  socket.on('error', () => {});
  const remote = socket.remoteAddress ?? '';
  if (isAllowed(remote)) return socket;
  socket.destroy();
  throw new AddressRefused(host, remote);
}
