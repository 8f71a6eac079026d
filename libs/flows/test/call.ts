import {
  emptySession,
  type Flow,
  flow as flowSchema,
  type Session,
  type Trigger,
  trigger as triggerSchema,
} from '@patchcord/contracts';
import { type FlowEffect, type FlowInput, type FlowStep, stepFlow, withEffects } from '../src/index.ts';

export const sessionWith = (data: Readonly<Record<string, unknown>> = {}): Session => ({
  ...emptySession({ tenantId: 'acme', callId: 'c-lab-1' }),
  version: 1,
  state: 'ivr',
  direction: 'inbound',
  ani: '+14155550123',
  dnis: '+12025550100',
  offeredAt: '2026-11-20T23:41:21.100Z',
  data: { ...data },
});

export const triggersOf = (list: readonly unknown[]): Map<string, Trigger> =>
  new Map(list.map((one) => triggerSchema.parse(one)).map((one) => [one.id, one]));

/** A trigger that fires when a variable has this value. */
export const equals = (id: string, expression: string, expectation: string) => ({
  id,
  name: id,
  conditions: [{ expression, operator: 'EQ', expectation }],
});

type Module = Record<string, unknown>;

/** Modules as a flow, with what a module that is under test leads to. */
export const flowOf = (...modules: readonly Module[]): Flow =>
  flowSchema.parse({ id: 'f', name: 'F', start: modules[0]?.id, modules });

/** The same without the checks of a saved flow. */
export const uncheckedFlow = (...modules: readonly Module[]): Flow => {
  const checked = modules.map((module) => flowSchema.shape.modules.element.parse(module));
  return { id: 'f', name: 'F', start: checked[0]?.id ?? '', modules: checked };
};

export interface CallOptions {
  readonly flow: Flow;
  readonly triggers?: Map<string, Trigger>;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Call {
  /** The last step. */
  readonly last: () => FlowStep;
  readonly send: (input: FlowInput) => FlowStep;
  /** As a driver does: with the turn of the last instruction. */
  readonly tell: (input: FlowInput) => FlowStep;
  readonly write: (changes: Readonly<Record<string, unknown>>) => void;
  readonly pass: (ms: number) => void;
  readonly now: () => number;
  readonly session: () => Session;
  /** All effects so far. */
  readonly effects: FlowEffect[];
}

/** A call that goes through a flow, with a driver that keeps what it is told to keep, as JSON. */
export function callIn({ flow, triggers = new Map(), data }: CallOptions): Call {
  let session = sessionWith(data);
  let now = 1_000_000;
  let last: FlowStep | undefined;
  const effects: FlowEffect[] = [];
  const send = (input: FlowInput): FlowStep => {
    const kept: unknown = last === undefined ? undefined : JSON.parse(JSON.stringify(last.state));
    last = stepFlow({ flow, triggers, session, now }, kept, input);
    effects.push(...last.effects);
    session = withEffects(session, last.effects);
    return last;
  };
  const lastStep = (): FlowStep => last ?? send({ type: 'started' });
  return {
    last: lastStep,
    send,
    tell: (input) => send({ ...input, turn: lastStep().instruction.turn }),
    write: (changes) => {
      session = withEffects(session, [{ effect: 'set-variables', changes }]);
    },
    pass: (ms) => {
      now += ms;
    },
    now: () => now,
    session: () => session,
    effects,
  };
}

export const noteTexts = (effects: readonly FlowEffect[]): string[] =>
  effects.filter((one) => one.effect === 'note').map(({ module, text }) => `${module}: ${text}`);

export const automationsOf = (effects: readonly FlowEffect[]): string[] =>
  effects
    .filter((one) => one.effect === 'run-automation')
    .map(({ automation, position }) => `${position} ${automation}`);
