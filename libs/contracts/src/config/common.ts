import { z } from 'zod';
import { token } from '../tokens.ts';

/** Fields every configuration entity has. */
export const entityFields = {
  id: token,
  name: z.string().min(1).max(128),
};

/** Addresses a destination may use although the address guard would refuse them, e.g. a CRM on the premises. */
export const egressPolicy = z
  .object({
    /** Plain http is refused unless this is set. */
    allowHttp: z.boolean().default(false),
    /** CIDR ranges that are allowed although they are private, e.g. `10.20.0.0/16`, as far as the operator allows them. */
    allowCidrs: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([]),
  })
  .prefault({});
export type EgressPolicy = z.infer<typeof egressPolicy>;

/** How the other side of a TLS connection is checked. */
export const tlsSettings = z
  .strictObject({
    /** `false` accepts any certificate: who stands in between reads and changes everything. */
    verify: z.boolean().default(true),
    /** Root certificates trusted beside the public ones (PEM), e.g. of a CRM on the premises. */
    ca: z
      .string()
      .max(65_536)
      .regex(/^\s*-----BEGIN CERTIFICATE-----/, 'expected one or more certificates in PEM')
      .optional(),
    minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
  })
  .prefault({});
export type TlsSettings = z.infer<typeof tlsSettings>;

/** The id of a sealed secret. Its value is set by `PUT /v1/secrets/{id}` and never read back. */
export const secretRef = token.meta({ description: 'id of a secret' });

export const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' }).max(2048);

export const rateLimit = z.object({
  /** Requests per second over all replicas. */
  perSecond: z.number().positive().max(10_000),
});

export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'not a header name');

/** Header names and values sent as they are. Credentials do not belong here. */
export const plainHeaders = z
  .record(headerName, z.string().regex(/^[\t\x20-\x7e]*$/, 'not a header value'))
  .default({});
