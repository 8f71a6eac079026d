import { configuration } from '../harness/world.ts';

/** Who signs in. `victim` is the one whose password strangers guess: nobody else may wait for that. */
export const people = {
  admin: { username: 'ada', name: 'Ada Admin', role: 'admin' },
  supervisor: { username: 'sam', name: 'Sam Supervisor', role: 'supervisor' },
  ana: { username: 'ana', name: 'Ana Torres', role: 'agent', agentId: '1001' },
  ben: { username: 'ben', name: 'Ben Okafor', role: 'agent', agentId: '1002' },
  victim: { username: 'vera', name: 'Vera Victim', role: 'supervisor' },
} as const;

export type Person = keyof typeof people;

export const passwordOf = (person: Person): string => `open sesame ${people[person].username}`;

/** The agents' own page of the customer, in the fake CRM. */
const card = (crmUrl: string) => ({
  id: 'card',
  name: 'Customer card',
  url: `${crmUrl}/customers/{phone}`,
  trigger: 'automatic',
  target: 'embedded',
  fireOn: ['agent-ringing'],
  parameters: [{ family: 'call', key: 'phone', name: '{phone}' }],
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
});

/** A small house with people: a queue, a campaign, a site that is told, one that agents see, and a CRM. */
export function peopleConfiguration(crmUrl: string, sha256: string): ReturnType<typeof configuration> {
  const agents = [people.ana, people.ben].map(({ agentId, name, username }) => ({ id: agentId, name, username }));
  return [
    ...configuration(crmUrl, sha256, 0).map(({ kind, entity }) =>
      kind === 'campaign' ? { kind, entity: { ...(entity as object), sites: ['hook', 'card'] } } : { kind, entity },
    ),
    { kind: 'external-site', entity: card(crmUrl) },
    ...agents.map((entity) => ({ kind: 'agent' as const, entity })),
    ...Object.values(people).map((person) => ({ kind: 'user' as const, entity: { id: person.username, ...person } })),
  ];
}
