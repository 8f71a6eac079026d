import type { BrokenReference } from './references.ts';
import type { TenantConfig } from './registry.ts';
import { dialledDigits } from './routing-rule-rules.ts';

/** An id of an external system stands for one agent and one campaign, a username for one user, a DID for one rule. */
export function repeatedIds(config: TenantConfig): BrokenReference[] {
  const agents = [...config.agent.values()].flatMap(({ id, externalIds }) =>
    Object.entries(externalIds).map(([system, external]) => ({
      at: { kind: 'agent', id },
      path: `externalIds.${system}`,
      key: `${system} ${external}`,
    })),
  );
  const campaigns = [...config.campaign.values()].flatMap(({ id, external }) =>
    external === undefined
      ? []
      : [{ at: { kind: 'campaign', id }, path: 'external.id', key: `${external.system} ${external.id}` }],
  );
  const users = [...config.user.values()].map(({ id, username }) => ({
    at: { kind: 'user', id },
    path: 'username',
    key: username.toLowerCase(),
  }));
  const triggers = [...config.trigger.values()].map(({ id, name }) => ({
    at: { kind: 'trigger', id },
    path: 'name',
    key: name.trim().toLowerCase(),
  }));
  return [agents, campaigns, users, triggers, didsOf(config)].flatMap(repeated);
}

const didsOf = (config: TenantConfig): Claim[] =>
  [...config['routing-rule'].values()].flatMap(({ id, location }) =>
    location?.type !== 'did'
      ? []
      : location.dids.map((did, i) => ({
          at: { kind: 'routing-rule', id },
          path: `location.dids[${i}]`,
          key: dialledDigits(did),
        })),
  );

interface Claim {
  readonly at: Pick<BrokenReference, 'kind' | 'id'>;
  readonly path: string;
  readonly key: string;
}

function repeated(claims: readonly Claim[]): BrokenReference[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const earlier = first.get(claim.key);
    if (earlier === undefined) first.set(claim.key, claim);
    return earlier === undefined
      ? []
      : [
          {
            ...claim.at,
            path: claim.path,
            expected: `a value that ${earlier.at.kind} "${earlier.at.id}" does not have already`,
          },
        ];
  });
}
