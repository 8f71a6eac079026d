import type { Card } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { answeredCall, type ScriptedCall } from '../harness/calls.ts';
import { connectionTo, crmFakes } from '../harness/crm-fakes.ts';
import { worldTenant } from '../harness/world.ts';
import { type BrowserWorld, startBrowserWorld } from './world.ts';

/** The browser's world with a CRM that cards are searched in and written to, and dispositions with a form. */
export interface CardWorld extends BrowserWorld {
  readonly espo: FakeCrm;
  /** A person in the CRM; the id. */
  person(lastName: string, more: object): string;
  /** At the agent Ana: the call goes on. `end` is what is told later. */
  talking(name: string, ani: string): Promise<ScriptedCall & { readonly end: ScriptedCall['events'] }>;
  cardWhere(cardId: string, fits: (card: Card) => boolean): Promise<Card>;
}

export async function startCardWorld(): Promise<CardWorld> {
  const world = await startBrowserWorld();
  const fake = crmFakes.find(({ connector }) => connector === 'espocrm');
  if (fake === undefined) throw new TypeError('there is no EspoCRM to be had');
  const espo = await fake.start();
  await configure(world, fake, espo);
  const cardWhere: CardWorld['cardWhere'] = (cardId, fits) =>
    eventually(
      async () => {
        const answer = await world.ask(`/v1/cards/${cardId}`);
        const card = answer.ok ? ((await answer.json()) as Card) : undefined;
        return card !== undefined && fits(card) && card;
      },
      { what: `the card ${cardId}`, deadlineMs: 20_000 },
    );
  return {
    ...world,
    espo,
    cardWhere,
    person: (lastName, more) => espo.seed('Contact', { firstName: 'Ann', lastName, ...more }),
    talking: async (name, ani) => {
      const call = answeredCall({ name, ani, startMs: Date.now() });
      const at = call.events.findIndex(({ type }) => String(type).endsWith('agent-released'));
      await world.tell(call.events.slice(0, at));
      await cardWhere(call.callId, ({ activities }) => activities.some(({ outcome }) => outcome !== 'running'));
      return { ...call, end: call.events.slice(at) };
    },
    stop: async () => {
      await world.stop();
      await espo.close();
    },
  };
}

async function configure(world: BrowserWorld, fake: (typeof crmFakes)[number], espo: FakeCrm): Promise<void> {
  const { authentication, connection, secrets } = connectionTo(fake, espo, { name: 'EspoCRM' });
  for (const [id, value] of Object.entries(secrets)) {
    const answer = await world.ask(`/v1/secrets/${id}`, { method: 'PUT', body: { value } });
    if (!answer.ok) throw new Error(`no secret ${id}: ${await answer.text()}`);
  }
  const put = (kind: Parameters<typeof world.config.put>[1], entity: object) =>
    world.config.put(worldTenant, kind, entity);
  if (authentication !== undefined) await put('site-authentication', authentication);
  await put('crm-connection', connection);
  for (const workflow of workflows) await put('crm-workflow', { connection: 'espocrm', ...workflow });
  const fields = [
    { field: 'description', label: 'About' },
    { field: 'emailAddress', label: 'Mail', kind: 'email' },
  ];
  const modules = [{ module: 'Contact', label: 'Contact', title: '{firstName|} {lastName}', fields }];
  await put('data-mapping', { id: 'espo', name: 'Espo', connection: 'espocrm', modules });
  await put('form', saleForm);
  await put('campaign', {
    ...world.config.tenant(worldTenant).campaign.get('support'),
    records: ['espocrm'],
    workflows: { timeline: 'note', memorialize: 'keep' },
    dispositions: [
      { id: 'solved', name: 'Solved' },
      { id: 'sold', name: 'Sold', form: 'sale' },
      { id: 'nobody', name: 'Nobody there' },
    ],
    acw: { timeoutMs: 600_000 },
  });
}

const workflows = [
  { id: 'note', name: 'Note', type: 'timeline', notes: '{input.text}' },
  { id: 'keep', name: 'Keep', type: 'update', module: 'Contact', values: { description: '{input.text}' } },
  { id: 'who', name: 'Leads by query', type: 'search' },
  {
    id: 'new',
    name: 'New contact',
    type: 'create-custom',
    module: 'Contact',
    values: { firstName: 'New', phoneNumber: '{call.from.number}' },
    inputFields: ['lastName'],
  },
];

const saleForm = {
  id: 'sale',
  name: 'Sale',
  fields: [
    { name: 'amount', label: 'Amount', type: 'number', required: true, min: 1, integer: true },
    { name: 'order', label: 'Order number', type: 'text', pattern: 'A-\\d+' },
    { name: 'why', label: 'Reason', type: 'text', multiline: true },
    { name: 'delivery', label: 'Delivery', type: 'date' },
    { name: 'gift', label: 'As a gift', type: 'checkbox' },
    { name: 'plan', label: 'Plan', type: 'select', options: ['Gold', 'Silver'], required: true },
    { name: 'extras', label: 'Extras', type: 'multi-select', options: ['Warranty', 'Express'] },
  ],
};
