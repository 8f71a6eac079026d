import { z } from 'zod';

const apiPath = z.string().regex(/^[\w./-]+$/, 'expected a path without a query, as api/v2');

export const settings = z.strictObject({
  /** The company's name in its address: `acme` of `https://acme.pipedrive.com`. Default: that of the base URL. */
  company: z
    .string()
    .regex(/^[a-z0-9-]+$/i, 'expected the first part of the address, as acme of acme.pipedrive.com')
    .optional(),
  v1Path: apiPath.default('v1'),
  v2Path: apiPath.default('api/v2'),
  /** How times of calls are written: `2026-11-20 10:00:00` or as in RFC 3339. The description says both. */
  times: z.enum(['sql', 'iso']).default('sql'),
  /** Look for a caller by digits alone: one search instead of three. For accounts whose numbers have no spaces in them. */
  digitsOnly: z.boolean().default(false),
  /** Write calls in the name of their agents. The user of the connection needs access to the account's settings then. */
  callsOfAgents: z.boolean().default(false),
  /** How many calls are looked through for one whose answer was lost. */
  lookBack: z.number().int().min(50).max(2000).default(200),
});
export type Settings = z.infer<typeof settings>;

const parts = (path: string, rest: readonly string[]): string[] => [
  ...path.split('/').filter((part) => part !== ''),
  ...rest,
];
export const v1 = ({ v1Path }: Settings, ...rest: string[]): string[] => parts(v1Path, rest);
export const v2 = ({ v2Path }: Settings, ...rest: string[]): string[] => parts(v2Path, rest);

/** Where records of a kind are: leads are still in the first version of the API. */
export const recordPath = (settings: Settings, module: string, ...rest: string[]): string[] =>
  module === 'leads' ? v1(settings, module, ...rest) : v2(settings, module, ...rest);
