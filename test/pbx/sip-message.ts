import { randomBytes } from 'node:crypto';

/** One SIP message as text, read as far as a small phone needs it (RFC 3261). */
export interface SipMessage {
  readonly text: string;
  /** Of a request; `SIP/2.0` of a response. */
  readonly method: string;
  /** Of a response. */
  readonly status: number;
  /** The first header of this name. */
  header(name: string): string;
  headers(name: string): string[];
}

export function readSip(text: string): SipMessage {
  const [first = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const [method = '', second = ''] = first.split(' ');
  const headers = (name: string): string[] =>
    lines.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  const header = (name: string): string => (headers(name)[0] ?? '').replace(/^[^:]*:\s*/, '');
  return { text, method, status: method === 'SIP/2.0' ? Number(second) : 0, header, headers };
}

export const randomId = (): string => randomBytes(6).toString('hex');

export function sipText(first: string, headers: readonly string[], body = ''): string {
  const type = body === '' ? [] : ['Content-Type: application/sdp'];
  return [first, ...headers, ...type, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

export const uriIn = (header: string): string => /<([^>]*)>/.exec(header)?.[1] ?? header;

/** What is offered: A-law and telephone events. */
export function sdp(mediaPort: number, direction: 'sendrecv' | 'sendonly'): string {
  const lines = [
    'v=0',
    `o=phone 1 ${process.hrtime.bigint() % 1_000_000_000n} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${mediaPort} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    `a=${direction}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The port that the other side hears at. */
export const mediaPortOf = (text: string): number => Number(/^m=audio (\d+)/m.exec(text)?.[1] ?? 0);
