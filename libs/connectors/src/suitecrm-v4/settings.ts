import { z } from 'zod';

export const settings = z.strictObject({
  /** Where the API answers, behind the base URL: `legacy/service/v4_1/rest.php` for SuiteCRM 8. */
  restPath: z.string().min(1).default('service/v4_1/rest.php'),
  /** Users of an LDAP directory can only be checked by their password itself; others by its MD5. */
  login: z.enum(['md5', 'plain']).default('md5'),
});
export type Settings = z.infer<typeof settings>;
