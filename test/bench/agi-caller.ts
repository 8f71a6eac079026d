import { connect } from 'node:net';
import type { Caller } from './callers.ts';

export interface AgiQuestion {
  readonly port: number;
  /** E.g. `route/plan`. */
  readonly script: string;
  /** Of the next call. */
  readonly ani: () => string;
  readonly linkedId: string;
  /** One of these is `CRM_OUTCOME` in the end. */
  readonly outcomes: readonly string[];
}

/**
 * A call whose dialplan asks over FastAGI: a connection of its own for each question, as Asterisk opens it, one command
 * after another, until the server closes and the dialplan goes on.
 */
export function agiCaller(question: AgiQuestion): Caller {
  return { ask: () => callOnce(question), close: () => undefined };
}

function callOnce({ port, script, ani, linkedId, outcomes }: AgiQuestion): Promise<void> {
  return new Promise((resolve, reject) => {
    let unread = '';
    let last = '';
    const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    socket.write(requestOf(script, ani(), linkedId));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const lines = `${unread}${String(chunk)}`.split('\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        last = /^SET VARIABLE "?CRM_OUTCOME"? "(.*)"$/.exec(line)?.[1] ?? last;
        socket.write(line.startsWith('GET') ? `200 result=1 (${linkedId})\n` : '200 result=1\n');
      }
    });
    socket.on('end', () => {
      socket.end();
      if (outcomes.includes(last)) resolve();
      else reject(new Error(`CRM_OUTCOME is "${last}" where ${outcomes.join(' or ')} was expected`));
    });
  });
}

const requestOf = (script: string, ani: string, uniqueId: string): string =>
  `${Object.entries({
    agi_network: 'yes',
    agi_network_script: script,
    agi_request: `agi://127.0.0.1/${script}`,
    agi_channel: 'PJSIP/carrier-00000001',
    agi_language: 'en',
    agi_type: 'PJSIP',
    agi_uniqueid: uniqueId,
    agi_version: '22.10.1',
    agi_callerid: ani,
    agi_calleridname: 'unknown',
    agi_dnid: '+12025550101',
    agi_rdnis: 'unknown',
    agi_context: 'from-pstn',
    agi_extension: '+12025550101',
    agi_priority: '7',
    agi_enhanced: '0.0',
    agi_accountcode: '',
    agi_threadid: '140025',
  })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n`;
