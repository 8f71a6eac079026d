import type { Socket } from 'node:net';
import { agiFailure } from './failures.ts';

/** Asterisk's values end at 4096 bytes. */
const maxLineBytes = 16 * 1024;

/**
 * The lines of a connection, without their ends.
 * @throws Failure `agi_protocol` (by `onEnd`) for a line without end.
 */
export function readLines(socket: Socket, onLine: (line: string) => void, onEnd: (error: unknown) => void): void {
  let unread = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = `${unread}${text}`.split('\n');
    unread = lines.pop() ?? '';
    try {
      for (const line of lines) {
        if (socket.destroyed) return;
        onLine(line.replace(/\r$/, ''));
      }
      if (Buffer.byteLength(unread) > maxLineBytes)
        throw agiFailure('agi_protocol', `a line over ${maxLineBytes} bytes`);
    } catch (error) {
      onEnd(error);
    }
  });
}
