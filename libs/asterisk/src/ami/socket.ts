import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { amiFailure, socketFailure } from './failures.ts';

export interface AmiTls {
  /** PEM of the authority that signed the PBX's certificate, when it is not a public one. */
  readonly ca?: string | undefined;
  /** Name in the certificate, when it is not the host. */
  readonly servername?: string | undefined;
}

export interface AmiAddress {
  readonly host: string;
  readonly port: number;
  readonly tls?: AmiTls | undefined;
}

export interface OpenOptions {
  readonly timeoutMs: number;
  /** Destroys the socket, now or at any time later. */
  readonly signal?: AbortSignal | undefined;
}

/** An open connection to the PBX, TLS handshake done. Rejects with a Failure after `timeoutMs` at the latest. */
export function openSocket(address: AmiAddress, { timeoutMs, signal }: OpenOptions): Promise<Socket> {
  const peer = `${address.host}:${address.port}`;
  return new Promise((resolve, reject) => {
    const socket = dial(address);
    if (signal !== undefined) addAbortSignal(signal, socket);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(socketFailure(error, peer));
    };
    const late = (): void => {
      socket.destroy();
      reject(amiFailure('ami_connect_timeout', `no connection to ${peer} within ${timeoutMs} ms`));
    };
    const timer = setTimeout(late, timeoutMs);
    socket.once('error', fail);
    socket.once(address.tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

function dial({ host, port, tls }: AmiAddress): Socket {
  if (tls === undefined) return connectTcp({ host, port });
  const servername = tls.servername ?? (isIP(host) === 0 ? host : undefined);
  return connectTls({
    host,
    port,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(servername === undefined ? {} : { servername }),
  });
}
