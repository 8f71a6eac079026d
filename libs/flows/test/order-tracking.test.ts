import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flow as flowSchema } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { automationsOf, type Call, callIn, noteTexts, triggersOf } from './call.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/flows.md'), 'utf8');
const document = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as { trigger: unknown[]; flow: unknown[] };
const flow = flowSchema.parse(document.flow[0]);
const triggers = triggersOf(document.trigger);

const profile = (premium: boolean) => ({
  'ivr.email': 'ana@example.com',
  'ivr.name': 'Ana',
  'ivr.premium': premium,
  'ivr.track_id': 't-4711',
});

const welcomed = (): Call => {
  const call = callIn({ flow, triggers });
  expect(call.last().instruction).toMatchObject({ do: 'play', prompts: [{ sound: 'custom/welcome' }] });
  expect(automationsOf(call.effects)).toEqual(['enter look-up-number']);
  return call;
};

/** The CRM does not know his number. */
const asked = (): Call => {
  const call = welcomed();
  expect(call.tell({ type: 'played' }).instruction).toMatchObject({ do: 'wait', remainingMs: 1500 });
  call.pass(1500);
  expect(call.tell({ type: 'timeout' }).instruction).toMatchObject({
    do: 'read',
    prompts: [{ sound: 'custom/enter-your-reference' }],
    maxDigits: 7,
    terminators: ['#'],
  });
  return call;
};

/** He entered his reference and is told to wait. */
const searched = (): Call => {
  const call = asked();
  const step = call.tell({ type: 'digits', digits: '4711000' });
  expect(step.effects).toContainEqual({
    effect: 'set-variables',
    changes: { 'app.inputReader.reference': '4711000' },
  });
  expect(automationsOf(step.effects)).toEqual(['enter look-up-reference']);
  expect(step.instruction).toMatchObject({
    do: 'play',
    prompts: [{ text: 'Thank you, we are finding your profile.' }],
  });
  expect(call.tell({ type: 'played' }).instruction).toMatchObject({
    do: 'wait',
    remainingMs: 4000,
    filler: [{ sound: 'custom/music' }],
  });
  return call;
};

const expectAgent = (call: Call): void => {
  expect(call.last().instruction).toMatchObject({
    do: 'leave',
    leave: { to: 'queue', target: 'premium', returns: false },
  });
  expect(noteTexts(call.effects)).toContain('premium-check: route 1: trigger "premium" fires');
};

const expectEmail = (call: Call): void => {
  const said = 'Ana, we have sent you an e-mail with the state of your order.';
  expect(call.last().instruction).toMatchObject({ do: 'play', prompts: [{ text: said }] });
  expect(automationsOf(call.effects)).toContain('enter send-tracking-link');
  expect(noteTexts(call.effects)).toContain('premium-check: no route fires: the module after the flow');
  expect(call.tell({ type: 'played' }).instruction).toMatchObject({ do: 'leave', leave: { to: 'hangup' } });
};

const expectEverybody = (call: Call): void => {
  expect(call.last().instruction).toMatchObject({ do: 'play', prompts: [{ sound: 'custom/not-found' }] });
  expect(call.tell({ type: 'played' }).instruction).toMatchObject({
    do: 'leave',
    leave: { to: 'queue', target: 'support', timeoutMs: 60_000, returns: true },
  });
};

describe('tracking of orders (the example of docs/flows.md)', () => {
  it.each([
    [true, expectAgent],
    [false, expectEmail],
  ])('known before the welcome is over, premium %s', (premium, expected) => {
    const call = welcomed();
    call.write(profile(premium));
    expect(call.send({ type: 'variables-changed' }).instruction.do).toBe('play');
    call.tell({ type: 'played' });
    expected(call);
  });

  it.each([
    [true, expectAgent],
    [false, expectEmail],
  ])('known a moment later, premium %s', (premium, expected) => {
    const call = welcomed();
    call.tell({ type: 'played' });
    call.pass(800);
    call.write(profile(premium));
    call.send({ type: 'variables-changed' });
    expected(call);
  });

  it.each([
    [true, expectAgent],
    [false, expectEmail],
  ])('known by the reference of seven digits, premium %s', (premium, expected) => {
    const call = searched();
    call.pass(2000);
    call.write(profile(premium));
    call.send({ type: 'variables-changed' });
    expected(call);
  });

  it('a write that says nothing of him changes nothing, and the time goes on', () => {
    const call = searched();
    call.pass(1000);
    call.write({ 'ivr.segment': 'b2b' });
    const step = call.send({ type: 'variables-changed' });
    expect(step).toMatchObject({ effects: [], instruction: { do: 'wait', remainingMs: 3000 } });
  });

  it('the CRM is late: everybody', () => {
    const call = searched();
    call.pass(4000);
    call.tell({ type: 'timeout' });
    expect(noteTexts(call.effects)).toContain('found: "ivr.email" did not come within 4000 ms');
    expectEverybody(call);
  });

  it('the CRM is later still: what it writes then does not fetch the caller back', () => {
    const call = searched();
    call.pass(4000);
    call.tell({ type: 'timeout' });
    call.write(profile(true));
    call.send({ type: 'variables-changed' });
    expectEverybody(call);
  });

  it('nothing entered, three times: everybody, and from there to the mailbox', () => {
    const call = asked();
    const nothing = () => call.tell({ type: 'digits', digits: '' });
    const again = [{ sound: 'custom/we-heard-nothing' }, { sound: 'custom/enter-your-reference' }];
    expect(nothing().instruction).toMatchObject({ do: 'read', prompts: again });
    expect(nothing().instruction).toMatchObject({ do: 'read', prompts: again });
    nothing();
    expectEverybody(call);
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject({ leave: { to: 'voicemail', target: '100' } });
    expect(call.tell({ type: 'played' }).instruction).toMatchObject({ leave: { to: 'continue' } });
  });

  it('a reference that is too short, then the right one', () => {
    const call = asked();
    expect(call.tell({ type: 'digits', digits: '471', terminatedBy: '#' }).instruction).toMatchObject({
      prompts: [{ text: 'A reference number has seven digits.' }, { sound: 'custom/enter-your-reference' }],
    });
    expect(call.tell({ type: 'digits', digits: '4711000' }).instruction.do).toBe('play');
    expect(call.session().data).toMatchObject({ 'app.inputReader.reference': '4711000' });
  });
});
