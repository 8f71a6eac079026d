import { z } from 'zod';

/** `?limit=`: how many at most, 1 to 500. */
export const limitText = z
  .string()
  .regex(/^\d{1,3}$/, 'expected a number from 1 to 500')
  .default('100')
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= 500, 'expected a number from 1 to 500');
