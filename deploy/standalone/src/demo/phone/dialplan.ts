import { demoAgent, demoColleague } from './agent.ts';

/** The demo's one queue. */
export const demoQueue = 'support';

/** Who gets a call that is handed on. */
export type Handover = 'to-colleague' | 'to-queue' | 'to-number';

const outside = /^\+?\d{5,15}$/;

/** Whether somebody outside has this number. */
export const isOutside = (extension: string): boolean => outside.test(extension);

/** Where an extension leads; undefined: there is none. */
export function handoverTo(extension: string): Handover | undefined {
  if (extension === demoColleague.id) return 'to-colleague';
  if (extension === demoQueue) return 'to-queue';
  return isOutside(extension) ? 'to-number' : undefined;
}

/** What the PBX says of a dialplan function that Patchcord asks for before it hands a call on. */
export function functionValue(text: string): string {
  const [, name, argument = ''] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  if (name === 'DEVICE_STATE') return isPhone(argument) ? 'NOT_INUSE' : 'INVALID';
  if (name !== 'DIALPLAN_EXISTS') return '';
  return handoverTo(argument.split(',')[1] ?? '') === undefined ? '0' : '1';
}

const isPhone = (device: string): boolean => device === demoAgent.interface || device === demoColleague.interface;
