import { z } from 'zod';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';
import { flowModule } from './flow-modules.ts';
import { flowProblems } from './flow-rules.ts';

/** What a caller goes through: modules that lead to each other. */
export const flow = z
  .strictObject({
    ...entityFields,
    /** The module that a call comes into first. */
    start: token,
    modules: z.array(flowModule).min(1).max(200),
  })
  .superRefine((checked, context) => {
    for (const { path, message } of flowProblems(checked))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
export type Flow = z.infer<typeof flow>;
