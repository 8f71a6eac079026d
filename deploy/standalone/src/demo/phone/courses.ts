import type { PhoneUse } from './agent.ts';
import type { Handover } from './dialplan.ts';
import type { PartName } from './recorded-parts.ts';

/** `given`: a caller calls the agent. `made`: the agent calls somebody. */
export type Course = 'given' | 'made';

/** What somebody does: the agent, the other side, or time. */
export type Deed =
  | 'pick-up'
  | 'hold'
  | 'resume'
  | 'hang-up'
  /** The caller does not wait any longer. */
  | 'give-up'
  /** The agent did not pick up to call somebody. */
  | 'time-out'
  /** The person who is called picks up. */
  | 'be-answered'
  | Handover;

interface Step {
  readonly part: PartName;
  readonly use: PhoneUse;
}

type Steps = Partial<Record<Deed, Step>>;

const step = (part: PartName, use: PhoneUse = 'idle'): Step => ({ part, use });

const handedOn: Steps = {
  'to-colleague': step('to-colleague'),
  'to-queue': step('to-queue'),
  'to-number': step('to-number'),
};

/** What follows from a deed. A button may be pressed when it is too late: what is not here changes nothing. */
const courses: Readonly<Record<Course, Partial<Record<PhoneUse, Steps>>>> = {
  given: {
    ringing: {
      'pick-up': step('answered', 'talking'),
      'hang-up': step('caller-gives-up'),
      'give-up': step('caller-gives-up'),
    },
    talking: { hold: step('held', 'held'), 'hang-up': step('agent-ends'), ...handedOn },
    held: { resume: step('resumed', 'talking'), 'hang-up': step('agent-ends'), ...handedOn },
  },
  made: {
    ringing: {
      'pick-up': step('made-picked-up', 'calling'),
      'hang-up': step('made-turned-away'),
      'time-out': step('made-not-picked-up'),
    },
    calling: { 'be-answered': step('made-answered', 'talking'), 'hang-up': step('made-given-up') },
    talking: { hold: step('made-held', 'held'), 'hang-up': step('made-ended'), ...handedOn },
    held: { resume: step('made-resumed', 'talking'), 'hang-up': step('made-ended'), ...handedOn },
  },
};

/** What follows; undefined: nothing. */
export const stepAfter = (course: Course, use: PhoneUse, deed: Deed): Step | undefined => courses[course][use]?.[deed];
