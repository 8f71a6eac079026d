import { z } from 'zod';
import { egressPolicy, entityFields, httpUrl, secretRef, tlsSettings } from './common.ts';
import { role } from './user.ts';

/** Where a value stands among the claims of a person, dots between the keys: `realm_access.roles`. */
const claimPath = z.string().min(1).max(256);
const visible = (max: number) => z.string().min(1).max(max);
const domain = z
  .string()
  .max(253)
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'expected a domain in small letters, e.g. example.com');

/**
 * An OpenID provider that people of this tenant sign in with: authorization code with PKCE. Register
 * `<CONSOLE_PUBLIC_URL>/v1/sign-in/callback` there as the address that browsers come back to.
 */
export const identityProvider = z
  .strictObject({
    ...entityFields,
    /** As the provider names itself; its settings are read from `<issuer>/.well-known/openid-configuration`. */
    issuer: httpUrl,
    clientId: visible(512),
    /** Absent for public clients. */
    clientSecret: secretRef.optional(),
    /** How the client shows who it is: HTTP Basic, or fields of the form (RFC 6749, 2.3.1). */
    clientAuthentication: z.enum(['basic', 'post']).default('basic'),
    /** Asked for beside `openid`. */
    scopes: z.array(visible(256)).max(50).default(['profile', 'email']),
    /** The claim by which a person who signs in for the first time is found among the users, by username. */
    usernameClaim: claimPath.default('email'),
    /** Only people with a mail address of one of these domains; empty: anybody whom the provider knows. */
    mailDomains: z.array(domain).max(100).default([]),
    /** A mail address counts only when the provider says that it belongs to the person (`email_verified`). */
    requireVerifiedMail: z.boolean().default(true),
    /** The claim that says what a person may do: a text, or a list of texts. Without it roles are those of the users. */
    roleClaim: claimPath.optional(),
    /** The first that is among the values of `roleClaim` is the role; a person with none of them is not let in. */
    roles: z
      .array(z.strictObject({ value: visible(256), role }))
      .max(100)
      .default([]),
    /** The claim with the agent that a person is. */
    agentIdClaim: claimPath.optional(),
    /** Whoever signs in and is no user yet becomes one; else he is not let in. */
    createUsers: z.boolean().default(false),
    /** The role of those users where `roleClaim` is not set. */
    defaultRole: role.default('supervisor'),
    /** Signing out ends the person's session at the provider too. */
    endSession: z.boolean().default(false),
    /** Nobody signs in with it, and whoever did is signed out. */
    disabled: z.boolean().default(false),
    /** Seconds by which the provider's clock and ours may differ. */
    clockToleranceSeconds: z.number().int().min(0).max(300).default(30),
    timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
    tls: tlsSettings,
    egress: egressPolicy,
  })
  .superRefine(({ requireVerifiedMail, roleClaim, roles, usernameClaim }, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (roleClaim !== undefined && roles.length === 0)
      refuse('roles', 'expected which value of roleClaim is which role');
    if (roleClaim === undefined && roles.length > 0) refuse('roleClaim', 'expected the claim that holds these values');
    if (!requireVerifiedMail && usernameClaim === 'email')
      refuse('usernameClaim', 'expected another claim: an address that nobody has verified may be anybody else’s');
  });
export type IdentityProvider = z.infer<typeof identityProvider>;
