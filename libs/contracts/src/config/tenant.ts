import { z } from 'zod';
import { entityFields } from './common.ts';

export const tenant = z.strictObject({
  ...entityFields,
  /** ISO 3166 country by which national numbers are read. */
  defaultRegion: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, e.g. US')
    .default('US'),
  /** Days that delivery logs and dead letters keep their bodies. */
  retentionDays: z.number().int().min(1).max(3650).default(30),
});
export type Tenant = z.infer<typeof tenant>;
