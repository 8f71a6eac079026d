import type { FlowModuleOf } from '@patchcord/contracts';
import { renderName } from '../heard.ts';
import type { Leave } from '../instruction.ts';
import type { Run } from '../run.ts';
import type { Behaviour, Outcome } from './behaviour.ts';

type HandOver = FlowModuleOf<'queue' | 'transfer' | 'voicemail' | 'play-recording'>;

/** Hands the call over. Where the name comes to nothing the PBX's own plan goes on: it knows better than a guess. */
export const handOver: Behaviour<HandOver> = {
  open: (run, module) => {
    const rendered = renderName(nameOf(module), run.scope());
    if (rendered.ok) return { kind: 'leave', leave: leaveTo(module, rendered.name) };
    return nowhere(run, module, rendered.why);
  },
};

function nowhere(run: Run, module: HandOver, why: string): Outcome {
  run.note(module, { about: 'text', text: `there is no name to go to: ${why}` });
  return { kind: 'leave', leave: { to: 'continue' } };
}

function nameOf(module: HandOver): string {
  switch (module.type) {
    case 'queue':
      return module.queue;
    case 'transfer':
      return module.to;
    case 'voicemail':
      return module.mailbox;
    case 'play-recording':
      return module.recording;
  }
}

function leaveTo(module: HandOver, target: string): Leave {
  const returns = module.next !== undefined;
  if (module.type === 'transfer') return { to: 'transfer', target, timeoutMs: module.timeoutMs, returns };
  if (module.type !== 'queue') return { to: module.type, target, returns };
  const { priority, timeoutMs } = module;
  return {
    to: 'queue',
    target,
    ...(priority === undefined ? {} : { priority }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    returns,
  };
}

export const hangUp: Behaviour<FlowModuleOf<'hangup'>> = { open: () => ({ kind: 'leave', leave: { to: 'hangup' } }) };
