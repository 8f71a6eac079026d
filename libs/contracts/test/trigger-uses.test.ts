import { describe, expect, it } from 'vitest';
import {
  automation,
  brokenReferences,
  emptyTenantConfig,
  flow,
  type TenantConfig,
  trigger,
  triggerUses,
} from '../src/index.ts';

const premium = trigger.parse({
  id: 'premium',
  name: 'Premium',
  conditions: [{ expression: 'ivr.premium', operator: 'EQ', expectation: true }],
});

const main = flow.parse({
  id: 'main',
  name: 'Main menu',
  start: 'ask',
  modules: [
    {
      id: 'ask',
      type: 'input-reader',
      variable: 'reference',
      routes: [{ when: 'premium', module: 'wait' }],
      next: 'choose',
    },
    {
      id: 'choose',
      type: 'switch',
      routes: [
        { when: 'night', module: 'end' },
        { when: { trigger: 'premium', invert: true, enabled: false }, module: 'end' },
      ],
    },
    { id: 'wait', type: 'wait-for-variable', when: 'premium', otherwise: 'end' },
    { id: 'end', type: 'hangup' },
  ],
});

const tell = automation.parse({
  id: 'tell',
  name: 'Tell the CRM',
  on: ['call.answered'],
  when: 'premium',
  action: { type: 'http', url: 'https://crm.example/calls' },
});
const always = automation.parse({ ...tell, id: 'always', when: undefined });

const config: TenantConfig = {
  ...emptyTenantConfig(),
  trigger: new Map([premium, { ...premium, id: 'night', name: 'Night' }].map((one) => [one.id, one])),
  flow: new Map([
    ['main', main],
    ['after', { ...main, id: 'after', name: 'After hours', modules: main.modules.slice(2) }],
  ]),
  automation: new Map([tell, always].map((one) => [one.id, one])),
};

const plain = { trigger: 'premium', invert: false, enabled: true };
const inMain = { kind: 'flow', id: 'main', name: 'Main menu' };

describe('triggers - where one is used', () => {
  it('in automations, routes and waits, with how it is used there', () => {
    expect(triggerUses(config, 'premium')).toEqual([
      { kind: 'automation', id: 'tell', name: 'Tell the CRM', path: 'when', ...plain },
      { kind: 'flow', id: 'after', name: 'After hours', path: 'modules[0].when', module: 'wait', ...plain },
      { ...inMain, path: 'modules[0].routes[0].when', module: 'ask', ...plain },
      { ...inMain, path: 'modules[1].routes[1].when', module: 'choose', ...plain, invert: true, enabled: false },
      { ...inMain, path: 'modules[2].when', module: 'wait', ...plain },
    ]);
  });

  it('nowhere', () => {
    expect(triggerUses(config, 'none')).toEqual([]);
    expect(triggerUses(emptyTenantConfig(), 'premium')).toEqual([]);
  });
});

describe('configuration - what is removed and still used', () => {
  const without = (id: string): TenantConfig => ({
    ...config,
    trigger: new Map([...config.trigger].filter(([key]) => key !== id)),
  });

  it('is told by the places that use it, as many as there are', () => {
    expect(brokenReferences(without('night'), config)).toEqual([
      {
        kind: 'flow',
        id: 'main',
        path: 'modules[1].routes[0].when.trigger',
        expected: 'the trigger "night" to stay: the flow "Main menu" uses it in the module "choose"',
      },
    ]);
    const broken = brokenReferences(without('premium'), config);
    expect(broken.map(({ kind, id, path }) => `${kind}/${id}.${path}`).toSorted()).toEqual(
      triggerUses(config, 'premium')
        .map(({ kind, id, path }) => `${kind}/${id}.${path}.trigger`)
        .toSorted(),
    );
    expect(broken[0]?.expected).toBe('the trigger "premium" to stay: the automation "Tell the CRM" uses it');
  });

  it('what never was is told as before', () => {
    expect(brokenReferences(without('night'), without('night'))).toMatchObject([
      { expected: 'an existing trigger, not "night"' },
    ]);
  });
});
