import type { Failure } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { amiFailure } from './failures.ts';

/** The answer to an action: its response, and the events of the list it announced. */
export interface AmiReply {
  readonly response: AmiMessage;
  readonly events: readonly AmiMessage[];
}

export interface ActionOptions {
  readonly timeoutMs: number;
  /** Called in the read loop, between the events that came before the response and those after it. */
  readonly onResponse?: (() => void) | undefined;
}

/** Actions that wait for their answer, by ActionID. */
export interface PendingActions {
  /** @throws Failure `ami_action_timeout`, `ami_action_refused`, or the connection's own. */
  expect(actionId: string, action: string, options: ActionOptions): Promise<AmiReply>;
  /** Whether the message belongs to an answer, and so is no event for others. */
  offer(message: AmiMessage): boolean;
  failAll(failure: Failure): void;
}

interface Waiting {
  readonly action: string;
  readonly events: AmiMessage[];
  response?: AmiMessage;
  readonly onResponse: (() => void) | undefined;
  settle(result: AmiReply | Failure): void;
}

export function createPendingActions(): PendingActions {
  const waiting = new Map<string, Waiting>();

  return {
    expect(actionId, action, { timeoutMs, onResponse }) {
      return new Promise((resolve, reject) => {
        const late = () => settle(amiFailure('ami_action_timeout', `no answer to ${action} within ${timeoutMs} ms`));
        const timer = setTimeout(late, timeoutMs);
        const settle = (result: AmiReply | Failure): void => {
          clearTimeout(timer);
          waiting.delete(actionId);
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
        waiting.set(actionId, { action, events: [], onResponse, settle });
      });
    },
    offer(message) {
      const entry = waiting.get(field(message, 'ActionID') ?? '');
      if (entry === undefined) return false;
      return field(message, 'Response') === undefined ? takeListEvent(entry, message) : takeResponse(entry, message);
    },
    failAll(failure) {
      for (const entry of waiting.values()) entry.settle(failure);
    },
  };
}

function takeResponse(entry: Waiting, response: AmiMessage): true {
  entry.onResponse?.();
  const listFollows = field(response, 'EventList')?.toLowerCase() === 'start';
  if (field(response, 'Response') === 'Error') entry.settle(refused(entry.action, response));
  else if (listFollows) entry.response = response;
  else entry.settle({ response, events: [] });
  return true;
}

/** Only a list that was announced takes events: an OriginateResponse carries the ActionID too, and is for everybody. */
function takeListEvent(entry: Waiting, event: AmiMessage): boolean {
  const { response, events } = entry;
  if (response === undefined) return false;
  const mark = field(event, 'EventList')?.toLowerCase();
  if (mark === 'complete') entry.settle({ response, events });
  else if (mark === 'cancelled') entry.settle(refused(entry.action, event));
  else events.push(event);
  return true;
}

const refused = (action: string, reply: AmiMessage): Failure =>
  amiFailure('ami_action_refused', `${action} was refused: ${field(reply, 'Message') ?? 'no reason given'}`);
