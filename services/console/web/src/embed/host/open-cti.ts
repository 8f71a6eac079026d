import type { EmbeddedLog } from '../protocol.ts';
import type { Patchcord } from './patchcord.ts';

interface Reply {
  readonly success: boolean;
  readonly returnValue?: unknown;
  readonly errors?: unknown;
}
type Callback = (reply: Reply) => void;

/** The part of `sforce.opencti` (Open CTI for Lightning Experience) that is used. */
export interface OpenCti {
  readonly CALL_TYPE: { readonly INBOUND: string; readonly OUTBOUND: string; readonly INTERNAL: string };
  enableClickToDial(args: { readonly callback?: Callback }): void;
  disableClickToDial(args: { readonly callback?: Callback }): void;
  onClickToDial(args: {
    readonly listener: (payload: { readonly number?: unknown; readonly recordId?: unknown }) => void;
  }): void;
  setSoftphonePanelVisibility(args: { readonly visible: boolean; readonly callback?: Callback }): void;
  searchAndScreenPop(args: {
    readonly searchParams: string;
    readonly queryParams?: string;
    readonly callType: string;
    readonly deferred: boolean;
    readonly callback?: Callback;
  }): void;
  saveLog(args: { readonly value: Readonly<Record<string, unknown>>; readonly callback?: Callback }): void;
}

export interface AttachOptions {
  /** Told what the CRM refused. */
  readonly onError?: (what: string, detail: unknown) => void;
}

/**
 * Patchcord as Salesforce's softphone: numbers that are clicked are dialled, callers are searched and shown, a call that is
 * over becomes a task of the record that was clicked. Returns what ends it.
 */
export function attachOpenCti(
  patchcord: Patchcord,
  opencti: OpenCti,
  { onError = () => undefined }: AttachOptions = {},
): () => void {
  const callback =
    (what: string): Callback =>
    ({ success, errors }) => {
      if (!success) onError(what, errors);
    };
  let clicked: { readonly number: string; readonly recordId: string } | undefined;
  opencti.onClickToDial({
    listener: ({ number, recordId }) => {
      if (typeof number !== 'string' && typeof number !== 'number') return;
      clicked = typeof recordId === 'string' ? { number: String(number), recordId } : undefined;
      patchcord.dial(String(number)).catch((error: unknown) => onError('dial', error));
    },
  });
  const ends = [
    patchcord.on('signed-in', ({ signedIn }) => {
      if (signedIn) opencti.enableClickToDial({ callback: callback('enableClickToDial') });
      else opencti.disableClickToDial({ callback: callback('disableClickToDial') });
    }),
    patchcord.on('call', ({ state }) => {
      if (state === 'ringing') opencti.setSoftphonePanelVisibility({ visible: true, callback: callback('visibility') });
    }),
    patchcord.on('screen-pop', ({ number }) => {
      if (number === undefined) return;
      opencti.searchAndScreenPop({
        searchParams: number,
        callType: opencti.CALL_TYPE.INBOUND,
        deferred: false,
        callback: callback('searchAndScreenPop'),
      });
    }),
    patchcord.on('log', (log) => {
      const about =
        clicked !== undefined && digits(clicked.number) === digits(log.call.number) ? clicked.recordId : undefined;
      opencti.saveLog({ value: taskOf(log, about), callback: callback('saveLog') });
    }),
  ];
  return () => {
    for (const end of ends) end();
    opencti.disableClickToDial({});
  };
}

const digits = (number = ''): string => number.replace(/\D/g, '');

/** A completed task; Salesforce finds out by the id's prefix what kind of record it is about. */
function taskOf({ call, seconds, disposition, comments }: EmbeddedLog, recordId: string | undefined) {
  const isPerson = recordId !== undefined && /^(003|00Q)/.test(recordId);
  return {
    entityApiName: 'Task',
    Subject: `Call ${call.direction === 'outbound' ? 'to' : 'from'} ${call.number ?? 'a withheld number'}`,
    Status: 'Completed',
    TaskSubtype: 'Call',
    CallType: call.direction === 'outbound' ? 'Outbound' : call.direction === 'internal' ? 'Internal' : 'Inbound',
    CallObject: call.callId,
    ...(seconds === undefined ? {} : { CallDurationInSeconds: seconds }),
    ...(disposition === undefined ? {} : { CallDisposition: disposition }),
    ...(comments === undefined ? {} : { Description: comments }),
    ...(recordId === undefined ? {} : { [isPerson ? 'WhoId' : 'WhatId']: recordId }),
  };
}
