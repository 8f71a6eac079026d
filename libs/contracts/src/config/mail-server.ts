import { z } from 'zod';
import { mailAddress } from '../mail-address.ts';
import { entityFields, rateLimit, secretRef, tlsSettings } from './common.ts';

/**
 * How the connection is secured. `starttls`: begins in clear and must become TLS before anything is said; `tls`: is
 * TLS from the first byte (port 465); `none`: stays in clear, with its password, if it has one.
 */
const mailSecurities = ['starttls', 'tls', 'none'] as const;

const host = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9._:-]+$/, 'expected the name or the address of a host, without a port or brackets');

/** What a mail server may be although it would be refused. */
const mailEgress = z
  .strictObject({
    /** `security: none` is refused unless this is set. */
    allowPlain: z.boolean().default(false),
    /** CIDR ranges that are allowed although they are private, e.g. `10.20.0.0/16`, as far as the operator allows them. */
    allowCidrs: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([]),
  })
  .prefault({});

/** An SMTP server that takes our mail and passes it on. */
export const mailServer = z
  .strictObject({
    ...entityFields,
    host,
    /** 587 for `starttls`, 465 for `tls`; 25 is for servers among themselves and often closed. */
    port: z.number().int().min(1).max(65_535).default(587),
    security: z.enum(mailSecurities).default('starttls'),
    /** Without it nobody logs in. */
    username: z.string().min(1).max(256).optional(),
    /** Of the user. */
    password: secretRef.optional(),
    /** Who the mail is from, where it does not say so itself: `Orders <orders@example.com>`. */
    from: mailAddress,
    /** For everything from the name's resolution to the server's last answer. */
    timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
    /** Messages instead of requests. */
    rateLimit: rateLimit.optional(),
    /** Messages under way at once, per sender. */
    concurrency: z.number().int().min(1).max(100).default(5),
    tls: tlsSettings,
    egress: mailEgress,
  })
  .superRefine(({ security, username, password, egress }, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (security === 'none' && !egress.allowPlain)
      refuse('security', 'expected "starttls" or "tls": mail in clear needs egress.allowPlain');
    if (username !== undefined && password === undefined) refuse('password', 'expected the id of a secret');
    if (username === undefined && password !== undefined) refuse('username', 'expected whose password it is');
  });
export type MailServer = z.infer<typeof mailServer>;
