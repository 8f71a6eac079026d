import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

export const callVariablesSet = defineEvent({
  entity: 'call',
  event: 'variables-set',
  meaning: 'Variables of the call changed; null deletes one.',
  data: z.object({
    variables: z.record(z.string().min(1).max(128), z.string().max(8192).nullable()),
  }),
  examples: [{ variables: { CAMPAIGN: 'support', Omlcrmcustomerid: '4711' } }],
});
