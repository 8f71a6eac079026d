import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@patchcord/testkit';
import { sendDigits } from './dtmf.ts';
import { mediaPortOf, randomId, readSip, type SipMessage, sdp, sipText, uriIn } from './sip-message.ts';

export interface PhoneOptions {
  /** Its number: what others see. */
  readonly user: string;
  /** SIP port of the PBX (UDP, on 127.0.0.1). */
  readonly pbxPort: number;
  /** The name that calls come to: a phone of the PBX, or `carrier` for the telephone company. Default: none come. */
  readonly registersAs?: string;
  /** What it does with a call. Default: answers after 50 ms. */
  readonly behaviour?: 'answers' | 'rings' | 'is busy' | 'declines';
  /** Whether it goes on hold when a NOTIFY tells it to. */
  readonly remoteControl?: boolean;
}

/** One call of a phone. */
export interface PhoneCall {
  readonly id: string;
  isUp: boolean;
  isOver: boolean;
  /** Headers of the INVITE that came. */
  readonly invite: SipMessage | undefined;
  /** Digits on the keypad. */
  press(digits: string): Promise<void>;
  /**
   * Passes the other side on to a number, or, with a call of one's own, to whoever is on that (REFER, RFC 3515; Replaces,
   * RFC 3891). Resolves when the PBX has accepted it.
   */
  transfer(to: string, consult?: PhoneCall): Promise<void>;
  /** What became of it: status of the call to the number (RFC 3515, 2.4.4); 0 or 100: not known yet. */
  readonly transferStatus: number;
  hangUp(): void;
}

/** A small SIP phone on loopback: one of the actors of a test with a real PBX. */
export interface SipPhone {
  readonly calls: readonly PhoneCall[];
  /** Calls the PBX; resolves when it answers. */
  call(to: string): Promise<PhoneCall>;
  close(): Promise<void>;
}

interface Dialog extends PhoneCall {
  local: string;
  remote: string;
  target: string;
  sequence: number;
  mediaPort: number;
  /** Status of the answer to REFER. */
  referred: number;
  transferStatus: number;
}

export async function startPhone(options: PhoneOptions): Promise<SipPhone> {
  const [socket, media] = [await bind(), await bind()];
  const phone: Phone = { options, socket, media, dialogs: new Map(), registered: 0 };
  socket.on('message', (bytes) => receive(phone, readSip(bytes.toString())));
  if (options.registersAs !== undefined) await register(phone, options.registersAs, 3600);
  return {
    get calls() {
      return [...phone.dialogs.values()];
    },
    async call(to) {
      const dialog = newDialog(phone, `${randomId()}@phone`, undefined);
      Object.assign(dialog, {
        local: `<sip:${options.user}@127.0.0.1>;tag=${randomId()}`,
        remote: `<sip:${to}@127.0.0.1:${options.pbxPort}>`,
        target: `sip:${to}@127.0.0.1:${options.pbxPort}`,
      });
      request(phone, dialog, 'INVITE', { body: sdp(media.address().port, 'sendrecv') });
      await eventually(() => dialog.isUp || dialog.isOver, { what: `an answer to the call to ${to}` });
      if (dialog.isOver) throw new Error(`the PBX refused the call to ${to}`);
      return dialog;
    },
    async close() {
      for (const dialog of phone.dialogs.values()) dialog.hangUp();
      // The PBX may be dead: then there is nobody to take leave of.
      if (options.registersAs !== undefined) await register(phone, options.registersAs, 0).catch(() => undefined);
      await Promise.all([socket, media].map((one) => new Promise<void>((resolve) => void one.close(resolve))));
    },
  };
}

interface Phone {
  readonly options: PhoneOptions;
  readonly socket: Socket;
  readonly media: Socket;
  readonly dialogs: Map<string, Dialog>;
  /** Status of the answer to the latest REGISTER. */
  registered: number;
}

async function bind(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function newDialog(phone: Phone, id: string, invite: SipMessage | undefined): Dialog {
  const dialog: Dialog = {
    id,
    isUp: false,
    isOver: false,
    invite,
    local: `${invite?.header('To') ?? ''};tag=${randomId()}`,
    remote: invite?.header('From') ?? '',
    target: uriIn(invite?.header('Contact') ?? ''),
    sequence: 0,
    mediaPort: mediaPortOf(invite?.text ?? ''),
    referred: 0,
    transferStatus: 0,
    transfer: (to, consult) => refer(phone, dialog, to, consult as Dialog | undefined),
    press: (digits) => sendDigits(phone.media, dialog.mediaPort, digits),
    hangUp() {
      if (dialog.isOver || !dialog.isUp) return;
      dialog.isOver = true;
      request(phone, dialog, 'BYE');
    },
  };
  phone.dialogs.set(id, dialog);
  return dialog;
}

/** Tells the PBX where calls for this name go to, or with 0 seconds, that none do (RFC 3261, 10). */
async function register(phone: Phone, name: string, seconds: number): Promise<void> {
  const { socket, options } = phone;
  const address = `sip:${name}@127.0.0.1:${options.pbxPort}`;
  const headers = [
    `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bK${randomId()}`,
    'Max-Forwards: 70',
    `From: <${address}>;tag=${randomId()}`,
    `To: <${address}>`,
    `Call-ID: ${randomId()}@phone`,
    'CSeq: 1 REGISTER',
    `Contact: <sip:${name}@127.0.0.1:${socket.address().port}>`,
    `Expires: ${seconds}`,
  ];
  phone.registered = 0;
  socket.send(sipText(`REGISTER sip:127.0.0.1:${options.pbxPort} SIP/2.0`, headers), options.pbxPort, '127.0.0.1');
  await eventually(() => phone.registered > 0, { what: `an answer to REGISTER of ${name}`, deadlineMs: 3000 });
  if (phone.registered !== 200) throw new Error(`the PBX refused REGISTER of ${name}: ${phone.registered}`);
}

const tagIn = (party: string): string => /;tag=([^;>]*)/.exec(party)?.[1] ?? '';

async function refer(phone: Phone, dialog: Dialog, to: string, consult: Dialog | undefined): Promise<void> {
  const replaced = consult && `${consult.id};to-tag=${tagIn(consult.remote)};from-tag=${tagIn(consult.local)}`;
  const replaces = replaced === undefined ? '' : `?Replaces=${encodeURIComponent(replaced)}`;
  const target = `<sip:${to}@127.0.0.1:${phone.options.pbxPort}${replaces}>`;
  request(phone, dialog, 'REFER', { headers: [`Refer-To: ${target}`, `Referred-By: ${uriIn(dialog.local)}`] });
  await eventually(() => dialog.referred > 0, { what: 'an answer to REFER' });
  if (dialog.referred >= 300) throw new Error(`the PBX refused REFER: ${dialog.referred}`);
}

interface RequestOptions {
  readonly sequence?: number;
  readonly body?: string;
  readonly headers?: readonly string[];
}

function request(phone: Phone, dialog: Dialog, method: string, options: RequestOptions = {}): void {
  const { socket } = phone;
  const { sequence, body, headers: more = [] } = options;
  if (sequence === undefined) dialog.sequence += 1;
  const headers = [
    `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bK${randomId()}`,
    'Max-Forwards: 70',
    `From: ${dialog.local}`,
    `To: ${dialog.remote}`,
    `Call-ID: ${dialog.id}`,
    `CSeq: ${sequence ?? dialog.sequence} ${method}`,
    contact(phone),
    ...more,
  ];
  socket.send(sipText(`${method} ${dialog.target} SIP/2.0`, headers, body), phone.options.pbxPort, '127.0.0.1');
}

const contact = ({ options, socket }: Phone): string =>
  `Contact: <sip:${options.user}@127.0.0.1:${socket.address().port}>`;

interface Response {
  readonly status: string;
  /** Of a call that we take: its tag goes with the answer. */
  readonly dialog?: Dialog;
  readonly body?: string;
}

function respond(phone: Phone, to: SipMessage, { status, dialog, body }: Response): void {
  const headers = [
    ...to.headers('Via'),
    `From: ${to.header('From')}`,
    `To: ${dialog === undefined ? to.header('To') : dialog.local}`,
    `Call-ID: ${to.header('Call-ID')}`,
    `CSeq: ${to.header('CSeq')}`,
    contact(phone),
  ];
  phone.socket.send(sipText(`SIP/2.0 ${status}`, headers, body), phone.options.pbxPort, '127.0.0.1');
}

function receive(phone: Phone, message: SipMessage): void {
  const dialog = phone.dialogs.get(message.header('Call-ID'));
  if (message.status > 0) {
    answered(phone, message, dialog);
    return;
  }
  if (message.method === 'INVITE') {
    if (dialog === undefined) void ring(phone, message);
    else accept(phone, message);
    return;
  }
  if (message.method === 'ACK') return;
  respond(phone, message, { status: '200 OK' });
  if (dialog === undefined) return;
  if (message.method === 'CANCEL' && dialog.invite !== undefined) {
    respond(phone, dialog.invite, { status: '487 Request Terminated', dialog });
  }
  if (message.method === 'BYE' || message.method === 'CANCEL') dialog.isOver = true;
  const [, status] = /^SIP\/2\.0 (\d+)/m.exec(message.text.split('\r\n\r\n')[1] ?? '') ?? [];
  if (message.method === 'NOTIFY' && status !== undefined) dialog.transferStatus = Number(status);
  if (message.method === 'NOTIFY' && phone.options.remoteControl === true) obey(phone, dialog, message.header('Event'));
}

function answered(phone: Phone, message: SipMessage, dialog: Dialog | undefined): void {
  const method = message.header('CSeq').split(' ')[1];
  if (method === 'REGISTER') phone.registered = message.status;
  if (method === 'REFER' && dialog !== undefined) dialog.referred = message.status;
  if (dialog === undefined || message.status < 200 || method !== 'INVITE') return;
  if (message.status < 300) {
    dialog.remote = message.header('To');
    dialog.target = uriIn(message.header('Contact'));
    dialog.mediaPort = mediaPortOf(message.text);
    dialog.isUp = true;
  } else dialog.isOver = true;
  request(phone, dialog, 'ACK', { sequence: Number.parseInt(message.header('CSeq'), 10) });
}

const refusals = { 'is busy': '486 Busy Here', declines: '603 Decline' } as const;

async function ring(phone: Phone, invite: SipMessage): Promise<void> {
  const dialog = newDialog(phone, invite.header('Call-ID'), invite);
  const { behaviour = 'answers' } = phone.options;
  if (behaviour === 'is busy' || behaviour === 'declines') {
    dialog.isOver = true;
    respond(phone, invite, { status: refusals[behaviour], dialog });
    return;
  }
  respond(phone, invite, { status: '180 Ringing', dialog });
  if (behaviour === 'rings') return;
  await delay(50);
  if (dialog.isOver) return;
  dialog.isUp = true;
  respond(phone, invite, { status: '200 OK', dialog, body: sdp(phone.media.address().port, 'sendrecv') });
}

/** Somebody else put the call on hold, or took it back. */
function accept(phone: Phone, invite: SipMessage): void {
  respond(phone, invite, { status: '200 OK', body: sdp(phone.media.address().port, 'sendrecv') });
}

/** As phones do that can be told by NOTIFY. */
function obey(phone: Phone, dialog: Dialog, event: string): void {
  const direction = event === 'hold' ? 'sendonly' : 'sendrecv';
  if (event === 'hold' || event === 'talk')
    request(phone, dialog, 'INVITE', { body: sdp(phone.media.address().port, direction) });
}
