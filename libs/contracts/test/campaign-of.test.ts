import { expect, test } from 'vitest';
import { type Campaign, campaign, campaignOf } from '../src/index.ts';

const named = (id: string, match: Partial<Campaign['match']>): [string, Campaign] => [
  id,
  campaign.parse({ id, name: id, match }),
];
const config = {
  campaign: new Map([
    named('rest', {}),
    named('support', { queues: ['support'], dids: ['+12025550100'] }),
    named('sales', { queues: ['sales'] }),
    named('another-rest', {}),
  ]),
};
const through = (...queues: string[]) => queues.map((queue) => ({ queue, enteredAt: '2026-11-20T23:41:21.000Z' }));

test.each([
  { call: { queues: through('sales') }, expected: 'sales' },
  { call: { queues: through('support', 'sales') }, expected: 'sales' },
  { call: { dnis: '+12025550100', queues: [] }, expected: 'support' },
  { call: { dnis: '12025550100', queues: through('unknown') }, expected: 'support' },
  { call: { dnis: '2025550100', queues: [] }, expected: 'another-rest' },
  { call: { queues: [] }, expected: 'another-rest' },
  { call: { queues: through('sales'), variables: { CAMPAIGN: 'support' } }, expected: 'support' },
  { call: { queues: through('sales'), variables: { CAMPAIGN: 'nobody-knows' } }, expected: 'sales' },
])('campaign - $call belongs to $expected', ({ call, expected }) => {
  expect(campaignOf(config, call)?.id).toBe(expected);
});

test('campaign - a call that none names belongs to none when all name something', () => {
  const strict = { campaign: new Map([named('sales', { queues: ['sales'] })]) };
  expect(campaignOf(strict, { queues: [] })).toBeUndefined();
});

const digital = {
  campaign: new Map([
    named('a-chat', { pointsOfContact: ['shop-chat'] }),
    named('b-voice', { queues: ['support'], channels: ['voice'] }),
    named('c-mail', { channels: ['email'] }),
    named('d-rest', {}),
  ]),
};
const over = (kind: 'chat' | 'email', more: { pointOfContact?: string } = {}) => ({
  channel: 'digital' as const,
  digital: { contactId: '7', kind, ...more },
  queues: through('support'),
});

test.each([
  { call: over('chat', { pointOfContact: 'shop-chat' }), expected: 'a-chat' },
  { call: over('chat'), expected: 'd-rest' },
  { call: over('email'), expected: 'c-mail' },
  { call: { queues: through('support') }, expected: 'b-voice' },
  { call: { queues: [] }, expected: 'd-rest' },
])('campaign - of the channel and its point of contact: $call belongs to $expected', ({ call, expected }) => {
  expect(campaignOf(digital, call)?.id).toBe(expected);
});
