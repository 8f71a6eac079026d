import { z } from 'zod';

/** Over plain http only from this very machine, for whoever tries it. */
const local = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Where a page comes from that may frame ours: scheme, host and port, and nothing more. */
export const frameOrigin = z
  .string()
  .max(256)
  .refine(isFrameOrigin, 'expected the origin of a page, e.g. https://crm.example.com: no path, no wildcard');

/** Each is told to browsers as it is, so that what they compare it with is written the same way. */
function isFrameOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  if (origin !== text || hostname.includes('*')) return false;
  return protocol === 'https:' || (protocol === 'http:' && local.has(hostname));
}
