import { z } from 'zod';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';
import { flowModule } from './flow-modules.ts';
import { flowProblems } from './flow-rules.ts';

const coordinate = z.number().min(-1_000_000).max(1_000_000);

/** What a caller goes through: modules that lead to each other. */
export const flow = z
  .strictObject({
    ...entityFields,
    /** The module that a call comes into first. */
    start: token,
    modules: z.array(flowModule).min(1).max(200),
    /**
     * Where the graph shows a module, by its id: of its upper left corner, in pixels. A module that is not named is placed
     * by itself. Calls do not go by it.
     */
    layout: z
      .record(token, z.strictObject({ x: coordinate, y: coordinate }))
      .refine((places) => Object.keys(places).length <= 500, 'expected at most 500 places')
      .optional(),
  })
  .superRefine((checked, context) => {
    for (const { path, message } of flowProblems(checked))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
export type Flow = z.infer<typeof flow>;
