import { callNamespaces, parseExpression } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { expressionCatalogue, unknownNameMessage } from '../../src/index.ts';

function messageOf(name: string): string | undefined {
  const parsed = parseExpression(name);
  if (!parsed.ok) throw new Error(parsed.problem.expected);
  return unknownNameMessage(parsed.expression);
}

test.each([
  ['call.form', 'call.from'],
  ['call.frmo', 'call.from'],
  ['call.from.numbr', 'call.from.number'],
  ['call.From', 'call.from'],
  ['call.ids', 'call.id'],
  ['agent.Name', 'agent.name'],
  ['queue.nmae', 'queue.name'],
  ['recording.ur', 'recording.url'],
  ['cal.from', 'call.from'],
])('unknown names - %s: did you mean %s?', (name, closest) => {
  expect(messageOf(name)).toBe(`there is no "${name}": did you mean {${closest}}?`);
});

test.each(['call.colour.of.the.sky', 'agent.x.y.z.w', 'nothing.at.all', 'call'])('unknown names - %s', (name) => {
  expect(messageOf(name)).toMatch(/^there is no /);
});

test('unknown names - whatever the catalogue has, and what others choose, may have a value', () => {
  for (const { name } of expressionCatalogue) expect(messageOf(name.replace(/<.*>/, 'x'))).toBeUndefined();
  for (const name of ['call.recordings.0.url', 'call.queues.0.queue', 'ivr.anything', 'app.a.b', 'var.X', 'OmlcrmId'])
    expect(messageOf(name)).toBeUndefined();
});

test('unknown names - texts with braces of their own know every namespace of a call', () => {
  const namespaces = expressionCatalogue.map(({ name }) => name.split('.')[0] ?? '');
  expect(new Set(namespaces.filter((name) => !name.startsWith('Omlcrm')))).toEqual(new Set(callNamespaces));
});
