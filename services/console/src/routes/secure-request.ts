import type { FastifyRequest } from 'fastify';

/**
 * Whether the browser speaks https, to us or to a proxy before us. Whoever says so without a proxy only makes his own
 * cookies stricter.
 */
export const isSecure = ({ protocol, headers }: FastifyRequest): boolean =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https';
