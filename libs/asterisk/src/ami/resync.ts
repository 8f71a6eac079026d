import { Failure } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import type { AmiSnapshot } from '../snapshot.ts';
import type { AmiClient } from './client.ts';
import type { AmiFailureCode } from './failures.ts';
import type { AmiReply } from './pending.ts';

/** Tells a restart of the PBX from a broken network. */
export interface RestartDetector {
  /** Whether the PBX is another process than the one asked before. False for the first. */
  isNew(start: PbxStart): boolean;
}

/** When the PBX process began, as far as it says. */
interface PbxStart {
  /** `CoreStatus`, as written there: only ever compared, so the PBX's time zone does not matter. */
  readonly startedAs?: string | undefined;
  /** `Uptime` of `FullyBooted` in whole seconds, and when that came. */
  readonly uptimeS?: number | undefined;
  readonly atMs: number;
  /** When the connection before ended. */
  readonly lostAtMs?: number | undefined;
}

export function createRestartDetector(): RestartDetector {
  let before: string | undefined;
  return {
    isNew({ startedAs, uptimeS, atMs, lostAtMs }) {
      const known = before;
      before = startedAs ?? before;
      if (known !== undefined && startedAs !== undefined) return known !== startedAs;
      // Not allowed to ask CoreStatus: a PBX that is up for less time than we were away has started meanwhile.
      return uptimeS !== undefined && lostAtMs !== undefined && atMs - uptimeS * 1000 > lostAtMs;
    },
  };
}

/** The start time of `CoreStatus`, or undefined when this user may not ask. */
export async function readStart(client: AmiClient): Promise<string | undefined> {
  const reply = await permitted(client.action('CoreStatus'));
  const date = reply && field(reply.response, 'CoreStartupDate');
  const time = reply && field(reply.response, 'CoreStartupTime');
  return date === undefined || time === undefined ? undefined : `${date} ${time}`;
}

export type Listing = Pick<AmiSnapshot, 'channels' | 'queues'>;

/**
 * What there is now; undefined when this user may not list channels. `onTaken` is called in the read loop when the
 * PBX takes it: it answers on the same connection, so every event before that is older, and none after it is missed.
 */
export async function readSnapshot(client: AmiClient, onTaken: () => void): Promise<Listing | undefined> {
  const [channels, queues] = await Promise.all([
    permitted(client.action('CoreShowChannels', undefined, onTaken)),
    permitted(client.action('QueueStatus')),
  ]);
  if (channels === undefined) return undefined;
  return { channels: eventsNamed(channels.events, ['CoreShowChannel']), queues: queues?.events };
}

const eventsNamed = (events: readonly AmiMessage[], names: readonly string[]): AmiMessage[] =>
  events.filter((event) => names.includes(field(event, 'Event') ?? ''));

/** The reply, or undefined when the PBX refuses it to this user. Everything else is a failure of the connection. */
async function permitted(reply: Promise<AmiReply>): Promise<AmiReply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Failure && error.code === ('ami_action_refused' satisfies AmiFailureCode)) return undefined;
    throw error;
  }
}
