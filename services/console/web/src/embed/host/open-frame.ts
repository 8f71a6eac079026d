import type { AgentState } from '../protocol.ts';
import type { AttachOptions } from './open-cti.ts';
import type { Patchcord } from './patchcord.ts';

/** The part of `openFrameAPI` that is used. */
export interface OpenFrame {
  readonly EVENTS: { readonly COMMUNICATION_EVENT: string };
  init(
    config: Readonly<Record<string, unknown>>,
    success: (config: unknown) => void,
    failure: (error: unknown) => void,
  ): void;
  subscribe(event: string, listener: (context: unknown) => void): void;
  show(): void;
  setTitle(title: string): void;
  setSubtitle(subtitle: string): void;
  openServiceNowForm(details: { readonly entity: string; readonly query: string }): void;
}

interface OpenFrameOptions extends AttachOptions {
  readonly width?: number;
  readonly height?: number;
  /** Which form shows a caller. Default: the contact whose number is the caller's. */
  readonly formOf?: (number: string) => { readonly entity: string; readonly query: string };
}

const words: Readonly<Record<AgentState, string>> = {
  ready: 'Ready',
  paused: 'Paused',
  ringing: 'Ringing',
  busy: 'On a call',
  'on-hold': 'On hold',
  offline: 'Offline',
  unknown: '',
};

/** In an encoded query `^` joins conditions: a number has none of it. */
const contactOf = (number: string) => ({
  entity: 'customer_contact',
  query: `phone=${number.replace(/[^+\d]/g, '')}`,
});

/**
 * Patchcord in ServiceNow's OpenFrame: numbers that are clicked are dialled, the frame comes up when a call rings, and the
 * caller's form is opened. Returns what ends it.
 */
export function attachOpenFrame(
  patchcord: Patchcord,
  openFrame: OpenFrame,
  options: OpenFrameOptions = {},
): () => void {
  const { onError = () => undefined, width = 380, height = 640, formOf = contactOf } = options;
  let on = true;
  const clicked = (context: unknown): void => {
    const number = on ? clickedNumber(context) : undefined;
    if (number !== undefined) patchcord.dial(number).catch((error: unknown) => onError('dial', error));
  };
  openFrame.init(
    { width, height, title: 'Patchcord' },
    () => openFrame.subscribe(openFrame.EVENTS.COMMUNICATION_EVENT, clicked),
    (error) => onError('init', error),
  );
  const ends = [
    patchcord.on('state', ({ state, reason }) =>
      openFrame.setSubtitle([words[state], reason].filter(Boolean).join(': ')),
    ),
    patchcord.on('call', ({ state }) => {
      if (state === 'ringing') openFrame.show();
    }),
    patchcord.on('screen-pop', ({ number }) => {
      if (number !== undefined) openFrame.openServiceNowForm(formOf(number));
    }),
  ];
  return () => {
    on = false;
    for (const end of ends) end();
  };
}

/** `{ type: 'OUTGOING_CALL', data: { metaData: { phoneNumber } } }`; anything else is no click on a number. */
function clickedNumber(context: unknown): string | undefined {
  const { type, data } = (context ?? {}) as { type?: unknown; data?: { metaData?: { phoneNumber?: unknown } } };
  const number = type === 'OUTGOING_CALL' ? data?.metaData?.phoneNumber : undefined;
  return typeof number === 'string' && number !== '' ? number : undefined;
}
