import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Caller } from './callers.ts';

export interface HttpQuestion {
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Path and query of the next question. */
  readonly path: () => string;
  /** One of these stands in each answer. */
  readonly expected: readonly string[];
}

/**
 * A caller on a connection that stays open. It speaks just enough HTTP: what the load generator costs is taken from the
 * processors that the measured ones need.
 */
export async function openHttpCaller(question: HttpQuestion): Promise<Caller> {
  const { hostname, port, host } = new URL(question.url);
  const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
  await once(socket, 'connect');
  // Who asks is told by the end of the connection.
  socket.on('error', () => undefined);
  const headers = Object.entries({ host, ...question.headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const rest = ` HTTP/1.1\r\n${headers.join('')}\r\n`;
  return {
    ask: async () => {
      if (socket.closed) throw new Error(`${question.url} closed the connection`);
      const answered = answerOf(socket);
      socket.write(`GET ${question.path()}${rest}`);
      const answer = await answered;
      if (answer.startsWith('HTTP/1.1 200') && question.expected.some((text) => answer.includes(text))) return;
      throw new Error(`${question.url} answered ${answer.slice(-500)}`);
    },
    close: () => socket.destroy(),
  };
}

const lengthLine = /\r\ncontent-length: (\d+)\r\n/i;

/** One whole answer: its head and as many bytes as it says. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: string): void => {
      text += chunk;
      const head = text.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(lengthLine.exec(text)?.[1] ?? Number.NaN);
      if (Number.isNaN(length)) done(() => reject(new Error(`an answer without a length: ${text}`)));
      else if (text.length >= head + 4 + length) done(() => resolve(text));
    };
    const onClose = (): void => done(() => reject(new Error('the connection was closed')));
    const done = (settle: () => void): void => {
      socket.off('data', onData).off('close', onClose);
      settle();
    };
    socket.on('data', onData).on('close', onClose);
  });
}
