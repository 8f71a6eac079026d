import type { Socket } from 'node:net';
import type { Failure } from '@patchcord/contracts';
import { amiFailure } from './failures.ts';
import type { AmiReply } from './pending.ts';

export interface KeepAliveOptions {
  readonly host: string;
  readonly pingIntervalMs?: number | undefined;
  readonly pingTimeoutMs?: number | undefined;
}

interface Pingable {
  send(action: string, headers: undefined, options: { timeoutMs: number }): Promise<AmiReply>;
  end(reason: Failure): void;
}

/**
 * Ends a connection whose peer is gone without a word (power, cable, a firewall that forgot). TCP alone would not
 * notice for as long as we have nothing to send. Any byte counts as life: a busy PBX may answer the Ping late.
 */
export function keepAlive(socket: Socket, options: KeepAliveOptions, wire: Pingable): void {
  const intervalMs = options.pingIntervalMs ?? 10_000;
  const timeoutMs = options.pingTimeoutMs ?? 10_000;
  let bytesSeen = socket.bytesRead;
  let timer: NodeJS.Timeout | undefined;

  const silent = (): boolean => {
    const before = bytesSeen;
    bytesSeen = socket.bytesRead;
    return bytesSeen === before;
  };
  const listen = (): void => {
    timer = setTimeout(() => (silent() ? ping() : listen()), intervalMs);
  };
  const ping = (): void => {
    wire.send('Ping', undefined, { timeoutMs }).catch(() => undefined);
    timer = setTimeout(() => {
      if (!silent()) return listen();
      wire.end(amiFailure('ami_silent', `${options.host} has been silent for ${intervalMs + timeoutMs} ms`));
    }, timeoutMs);
  };
  socket.once('close', () => clearTimeout(timer));
  listen();
}
