import { z } from 'zod';
import { entityFields } from './common.ts';
import { frameOrigin } from './frame-origin.ts';

export const tenant = z.strictObject({
  ...entityFields,
  /** ISO 3166 country by which national numbers are read. */
  defaultRegion: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, e.g. US')
    .default('US'),
  /** IANA time zone of times that are written without one, e.g. `America/Cordoba`. */
  timeZone: z.string().max(64).refine(isTimeZone, 'expected an IANA time zone, e.g. Europe/Paris').default('UTC'),
  /** What agents choose from when they pause, e.g. `Lunch`; without any the desk offers the usual ones. */
  pauseReasons: z.array(z.string().trim().min(1).max(80)).max(50).default([]),
  /** Pages that may hold the agent desk in a frame, by their origins, e.g. `https://crm.example.com`. None: nobody may. */
  frameOrigins: z.array(frameOrigin).max(20).default([]),
  /** Days that delivery logs and dead letters keep their bodies. */
  retentionDays: z.number().int().min(1).max(3650).default(30),
});
export type Tenant = z.infer<typeof tenant>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
