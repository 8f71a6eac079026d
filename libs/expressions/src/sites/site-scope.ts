import { callNamespaces } from '@patchcord/contracts';
import { callScope } from '../templates/call-scope.ts';
import { lookUp } from '../templates/descend.ts';
import type { Scope } from '../templates/scope.ts';
import { agentOf, partOf } from './call-values.ts';
import type { SiteFacts } from './facts.ts';
import { own } from './values.ts';

/**
 * What expressions in the texts of a site get their values from: the call as it was at its moment, and the agent as the
 * configuration knows him. Samples go before both. Durations that still go on are told up to the moment, so that the
 * same facts give the same values.
 */
export function siteScope(facts: SiteFacts): Scope {
  const { session, tenant, occurredAt } = facts;
  const values = { ...agentValues(facts), ...sampleValues(facts) };
  if (session === undefined) return withoutCall(values);
  const interaction = partOf(facts);
  const now = Date.parse(occurredAt);
  return callScope(session, {
    values,
    ...(Number.isNaN(now) ? {} : { now }),
    ...(tenant.region === undefined ? {} : { region: tenant.region }),
    ...(interaction === undefined ? {} : { interaction }),
  });
}

/** Of a disposition outside a call. */
const withoutCall = (values: Readonly<Record<string, unknown>>): Scope => ({
  evaluate: ({ path }) => {
    const given = lookUp(values, path);
    return 'found' in given && given.found ? given : { found: false, note: 'there is no call' };
  },
  names: () => Object.keys(values),
});

function agentValues(facts: SiteFacts): Record<string, unknown> {
  const agent = agentOf(facts);
  if (agent === undefined) return {};
  return { 'agent.id': agent.id, ...(agent.name === undefined ? {} : { 'agent.name': agent.name }) };
}

const ofCall = new RegExp(`^(?:${callNamespaces.join('|')})\\.`);

/** Samples of the family `variable`: `ivr.email` and even `call.from` by their full names, all others as variables of the PBX. */
const sampleValues = ({ sample }: SiteFacts): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(own(sample, 'variable') ?? {}).map(([name, value]) => [
      ofCall.test(name) ? name : `var.${name}`,
      value,
    ]),
  );
