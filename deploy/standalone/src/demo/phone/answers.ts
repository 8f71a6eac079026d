import type { AmiHeaderRecord } from '@patchcord/testkit';
import { demoAgent, type PhoneUse } from './agent.ts';
import type { Deed } from './courses.ts';
import { functionValue, handoverTo, isOutside } from './dialplan.ts';
import type { Line } from './line.ts';
import type { Membership } from './membership.ts';

type Action = ReadonlyMap<string, string>;

interface Answering {
  readonly line: Line;
  readonly membership: Membership;
  readonly tell: (events: readonly AmiHeaderRecord[]) => void;
}

const success = (more: AmiHeaderRecord = {}): AmiHeaderRecord[] => [{ Response: 'Success', Message: 'Done', ...more }];
const error = (Message: string): AmiHeaderRecord[] => [{ Response: 'Error', Message }];

/** What the PBX says to an action, and does then; undefined: it is nothing of the agent's. */
export function answerTo(action: Action, answering: Answering): AmiHeaderRecord[] | undefined {
  const { line, membership, tell } = answering;
  const change = membership.change(action);
  if (change !== undefined) {
    setImmediate(tell, change.events);
    return [change.response];
  }
  const name = action.get('Action');
  if (name === 'Originate') return dial(action, answering);
  const deed = deedOf(action, line.use());
  if (deed === undefined && name !== 'Getvar' && name !== 'BlindTransfer') return undefined;
  if (!line.has(action.get('Channel'))) return error('No such channel');
  if (name === 'Getvar') return success({ Value: functionValue(action.get('Variable') ?? '') });
  if (name === 'BlindTransfer') return handOn(action, line);
  if (deed !== undefined) setImmediate(() => line.go(deed));
  return success();
}

/** What an action makes happen in the call. Of a phone that rings `talk` picks it up. */
function deedOf(action: Action, phone: PhoneUse): Deed | undefined {
  const name = action.get('Action');
  if (name === 'Hangup') return 'hang-up';
  if (name !== 'PJSIPNotify') return undefined;
  if (action.get('Variable') === 'Event=hold') return 'hold';
  return phone === 'ringing' ? 'pick-up' : 'resume';
}

function handOn(action: Action, line: Line): AmiHeaderRecord[] {
  const extension = action.get('Exten') ?? '';
  const handover = handoverTo(extension);
  if (line.use() !== 'talking' && line.use() !== 'held') return error('Transfer invalid');
  if (handover === undefined) return error('Transfer failed');
  setImmediate(() => line.handOn(handover, extension));
  return success();
}

/** Click-to-call. The agent has one telephone, with one call at a time. */
function dial(action: Action, { line, tell }: Answering): AmiHeaderRecord[] {
  const number = action.get('Exten') ?? '';
  if (!isOutside(number)) return error('Extension does not exist.');
  const uniqueId = action.get('ChannelId') ?? '';
  const isHis = action.get('Channel') === demoAgent.interface;
  const failed = { Event: 'OriginateResponse', Response: 'Failure', Channel: demoAgent.interface, Uniqueid: uniqueId };
  // 5: busy, 0: there is no such phone.
  if (!isHis || line.use() !== 'idle') setImmediate(tell, [{ ...failed, Exten: number, Reason: isHis ? '5' : '0' }]);
  else setImmediate(() => line.dial({ number, uniqueId, variables: variablesOf(action.get('Variable') ?? '') }));
  return success({ Message: 'Originate successfully queued' });
}

/** `NAME=value`, one to a line; a backslash stands before what means something to Asterisk. */
const variablesOf = (lines: string): Map<string, string> =>
  new Map(
    lines
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1).replace(/\\(.)/g, '$1')] as const;
      }),
  );
