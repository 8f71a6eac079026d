import type { FlowModuleOf, RouteDestination } from '@patchcord/contracts';
import type { FlowInputOf } from '../input.ts';
import type { Leave } from '../instruction.ts';
import type { Run } from '../run.ts';
import { type Behaviour, go, type Outcome, type Patch, stay } from './behaviour.ts';

type IdentificationModule = FlowModuleOf<'identification'>;

/** Lets the driver ask who the caller is, and goes on by what came of it. */
export const identify: Behaviour<IdentificationModule> = {
  phase: 'identify',
  open: () => ({ kind: 'ask', patch: { phase: 'identify' } }),
  on: (run, module, _state, input) => {
    if (input.type === 'identified') return concluded(run, module, input);
    if (input.type !== 'failed' && input.type !== 'timeout') return stay;
    run.note(module, { about: 'identified', text: 'the identification could not be carried out' });
    return goOrLeave(run, module, 'failure', {});
  },
  instruction: (_run, { identification }, { turn }) => ({ do: 'identify', turn, identification }),
};

function concluded(run: Run, module: IdentificationModule, input: FlowInputOf<'identified'>): Outcome {
  const known = input.outcome === 'success';
  run.note(module, { about: 'identified', text: known ? 'the caller is known' : 'the caller is not known' });
  return goOrLeave(run, module, input.outcome, { id: input.id, destination: input.destination });
}

interface Said {
  readonly id?: string | undefined;
  readonly destination?: RouteDestination | undefined;
}

function goOrLeave(run: Run, module: IdentificationModule, outcome: 'success' | 'failure', said: Said): Outcome {
  const name = 'app.identification.id';
  const forgotten = run.has(name) ? { [name]: null } : {};
  run.write({ 'app.identification.outcome': outcome, ...(said.id === undefined ? forgotten : { [name]: said.id }) });
  const patch: Patch = said.id === undefined ? {} : { steps: 0 };
  const to = outcome === 'success' ? module.next : module.otherwise;
  if (to !== undefined || said.destination === undefined) return go(to, patch);
  return { kind: 'leave', leave: leaveOf(said.destination), patch };
}

function leaveOf({ type, target }: RouteDestination): Leave {
  if (type === 'hangup') return { to: 'hangup' };
  return { to: type === 'extension' ? 'transfer' : type, target, returns: false };
}
