import type { FlowModule, FlowModuleOf, FlowModuleType } from '@patchcord/contracts';
import { act } from './act.ts';
import { type Behaviour, go } from './behaviour.ts';
import { handOver, hangUp } from './hand-over.ts';
import { identify } from './identify.ts';
import { play } from './play.ts';
import { read } from './read.ts';
import { chooseRoute } from './routes.ts';
import { setVariables } from './set.ts';
import { wait } from './wait.ts';
import { workflow } from './workflow.ts';

const switchNode: Behaviour<FlowModuleOf<'switch'>> = {
  open: (run, module) => {
    if (module.enabled) return go(chooseRoute(run, module));
    run.note(module, { about: 'route', text: 'switched off: the module after the flow' });
    return go(module.next);
  },
};

const behaviours: { readonly [Type in FlowModuleType]: Behaviour<FlowModuleOf<Type>> } = {
  'audio-player': play,
  'text-to-speech': play,
  'input-reader': read,
  'simple-menu': read,
  switch: switchNode,
  queue: handOver,
  transfer: handOver,
  voicemail: handOver,
  'play-recording': handOver,
  hangup: hangUp,
  'wait-for-variable': wait,
  'http-action': act,
  'crm-workflow': workflow,
  'set-variables': setVariables,
  identification: identify,
};

/** What a module does, by its type. */
export const behaviourOf = ({ type }: FlowModule): Behaviour<FlowModule> =>
  behaviours[type] as unknown as Behaviour<FlowModule>;
