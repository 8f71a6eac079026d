import { z } from 'zod';
import { token } from './tokens.ts';

/** What an agent said of an interaction when it was over. */
export const dispositionValue = z.object({
  /** Id of the option within the campaign's disposition set. */
  optionId: token,
  name: z.string().min(1).max(256),
  comments: z.string().max(8192).optional(),
  /** Saved fields of the management form: name to value. */
  form: z.record(z.string().max(128), z.unknown()).optional(),
});
export type DispositionValue = z.infer<typeof dispositionValue>;
