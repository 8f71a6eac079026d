import { createHash } from 'node:crypto';
import type { RoutingRule } from '@patchcord/contracts';

const digests = new WeakMap<RoutingRule, string>();

/** Tells whether two replicas speak of the same rule: each has read it for itself. */
export function ruleDigest(rule: RoutingRule): string {
  const known = digests.get(rule);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(JSON.stringify(rule)).digest('base64url');
  digests.set(rule, digest);
  return digest;
}
