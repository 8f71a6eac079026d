import { describe, expect, it } from 'vitest';
import { automationsOf, type Call, callIn, equals, flowOf, noteTexts, triggersOf, uncheckedFlow } from './call.ts';

type Module = Record<string, unknown>;
type Data = Record<string, unknown>;

const end = { id: 'end', type: 'hangup' };
const other = { id: 'other', type: 'queue', queue: 'other' };

const opened = (modules: readonly Module[], data: Data = {}): Call => {
  const call = callIn({ flow: flowOf(...modules), data });
  call.last();
  return call;
};

describe('audio-player, text-to-speech', () => {
  const prompts = [
    'welcome',
    { sound: 'in/{ivr.language|en}/hello' },
    { text: 'Hi {ivr.name|there}', language: '{ivr.language|en}', voice: 'amy' },
  ];

  it('prompts with the values of the call', () => {
    const modules = [{ id: 'a', type: 'audio-player', prompts, next: 'end' }, end];
    const call = opened(modules, { 'ivr.language': 'de', 'ivr.name': 'Ana\u0007' });
    expect(call.last().instruction).toEqual({
      do: 'play',
      turn: 1,
      prompts: [{ sound: 'welcome' }, { sound: 'in/de/hello' }, { text: 'Hi Ana', language: 'de', voice: 'amy' }],
    });
    expect(call.tell({ type: 'played' }).instruction).toMatchObject({ leave: { to: 'hangup' } });
  });

  it.each([
    ['../../etc/passwd', 'in/etcpasswd/hello'],
    ['a"b,c\\', 'in/abc/hello'],
    [['x'], 'in/x/hello'],
  ])('a value does not lead to another folder: %s', (language, sound) => {
    const call = opened([{ id: 'a', type: 'audio-player', prompts: [prompts[1]] }], { 'ivr.language': language });
    expect(call.last().instruction).toMatchObject({ prompts: [{ sound }] });
  });

  it('what comes to nothing is left out, and with nothing to play the call goes on', () => {
    const said = { id: 'a', type: 'text-to-speech', text: '{ivr.text}', next: 'end' };
    const call = opened([said, end]);
    expect(call.last().instruction).toMatchObject({ leave: { to: 'hangup' } });
    expect(noteTexts(call.effects)).toContain(
      'a: there is nothing to play; "ivr.text": the call has no such value; a text without words is left out',
    );
  });

  it('what is missing is noted once, without values', () => {
    const call = opened([{ id: 'a', type: 'text-to-speech', text: 'Hi {ivr.name}, {ivr.secret}' }], {
      'ivr.secret': 's',
    });
    call.send({ type: 'started' });
    expect(noteTexts(call.effects)).toEqual(['a: text-to-speech', 'a: "ivr.name": the call has no such value']);
  });

  it('a sound that is missing does not end the call', () => {
    const call = opened([{ id: 'a', type: 'audio-player', prompts: ['gone'], next: 'end' }, end]);
    expect(call.tell({ type: 'failed', reason: 'no such file' }).instruction).toMatchObject({
      leave: { to: 'hangup' },
    });
    expect(noteTexts(call.effects)).toContain('a: it could not be played: no such file');
  });

  it('without a module after it the flow is over', () => {
    const call = opened([{ id: 'a', type: 'audio-player', prompts: ['bye'] }]);
    expect(call.tell({ type: 'played' }).instruction).toMatchObject({ do: 'leave', leave: { to: 'continue' } });
    expect(noteTexts(call.effects)).toContain('a: the flow is over');
  });
});

describe('switch', () => {
  const triggers = triggersOf([equals('gold', 'ivr.tier', 'gold'), equals('vip', 'ivr.vip', 'true')]);
  const node = {
    id: 'node',
    type: 'switch',
    routes: [
      { when: { trigger: 'vip', enabled: false }, priority: 9, module: 'end' },
      { when: 'gold', module: 'other' },
      { when: { trigger: 'vip', invert: true }, priority: -1, module: 'end' },
    ],
    next: 'after',
  };
  const after = { id: 'after', type: 'transfer', to: '100' };
  const switched = (data: Data, more: Data = {}): Call => {
    const call = callIn({ flow: flowOf({ ...node, ...more }, other, end, after), triggers, data });
    call.last();
    return call;
  };

  it('the first that fires, by priority; one that is switched off never does; one may be inverted', () => {
    expect(switched({ 'ivr.tier': 'gold' }).last().instruction).toMatchObject({ leave: { target: 'other' } });
    expect(switched({}).last().instruction).toMatchObject({ leave: { to: 'hangup' } });
    expect(switched({ 'ivr.vip': true }).last().instruction).toMatchObject({ leave: { to: 'transfer' } });
  });

  it('says which route and why', () => {
    expect(switched({}).effects.find((one) => one.effect === 'note' && one.about === 'route')).toEqual({
      effect: 'note',
      about: 'route',
      module: 'node',
      text: 'route 3: trigger "vip" does not fire, as asked',
      tried: [
        { trigger: 'vip', module: 'end', fires: false, note: 'not enabled' },
        { trigger: 'gold', module: 'other', fires: false },
        { trigger: 'vip', module: 'end', fires: true },
      ],
    });
  });

  it('switched off: after the flow', () => {
    expect(switched({ 'ivr.tier': 'gold' }, { enabled: false }).last().instruction).toMatchObject({
      leave: { to: 'transfer' },
    });
  });

  it('a trigger that is gone does not fire, inverted or not', () => {
    const routes = [{ when: { trigger: 'gone', invert: true }, module: 'other' }];
    const call = callIn({ flow: flowOf({ ...node, routes, next: 'end' }, other, end) });
    expect(call.last().instruction).toMatchObject({ leave: { to: 'hangup' } });
    expect(JSON.stringify(call.effects)).toContain('there is no trigger \\"gone\\"');
  });
});

describe('wait-for-variable', () => {
  const wait = { id: 'w', type: 'wait-for-variable', expression: 'ivr.premium', budgetMs: 3000, filler: ['music'] };
  const waiting = (data: Data = {}, more: Data = {}): Call => {
    const modules = [{ ...wait, next: 'other', otherwise: 'end', ...more }, other, end];
    const call = callIn({ flow: flowOf(...modules), triggers: triggersOf([equals('gold', 'ivr.tier', 'gold')]), data });
    call.last();
    return call;
  };
  const there = { leave: { target: 'other' } };
  const late = { leave: { to: 'hangup' } };

  it.each([false, 0, 'x', {}])('%j is a value: not waited for', (value) => {
    expect(waiting({ 'ivr.premium': value }).last().instruction).toMatchObject(there);
  });

  it.each([null, ''])('%j is none', (value) => {
    const call = waiting({ 'ivr.premium': value });
    expect(call.last().instruction).toEqual({
      do: 'wait',
      turn: 1,
      deadline: call.now() + 3000,
      remainingMs: 3000,
      filler: [{ sound: 'music' }],
    });
  });

  it('for a trigger', () => {
    const call = waiting({ 'ivr.tier': 'silver' }, { expression: undefined, when: 'gold' });
    expect(call.last().instruction.do).toBe('wait');
    call.write({ 'ivr.tier': 'gold' });
    expect(call.send({ type: 'variables-changed' }).instruction).toMatchObject(there);
  });

  it('the filler is over: what is left of the time, in the same turn', () => {
    const call = waiting();
    call.pass(1200);
    expect(call.tell({ type: 'played' })).toMatchObject({ effects: [], instruction: { turn: 1, remainingMs: 1800 } });
  });

  it('a filler that cannot be played: silence, and the wait goes on', () => {
    const call = waiting();
    call.pass(1000);
    expect(call.tell({ type: 'failed', reason: '' }).instruction).toMatchObject({ filler: [], remainingMs: 2000 });
    expect(call.tell({ type: 'failed', reason: '' })).toMatchObject({ effects: [], instruction: { turn: 2 } });
  });

  it('the time is over', () => {
    const call = waiting();
    call.pass(3000);
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject(late);
  });

  it('the time is over and the answer is there: the answer wins', () => {
    const call = waiting();
    call.pass(9000);
    call.write({ 'ivr.premium': false });
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject(there);
  });

  it('nobody told of the end of the time: whatever comes next ends it', () => {
    const call = waiting();
    call.pass(3001);
    expect(call.send({ type: 'started' }).instruction).toMatchObject(late);
  });

  it('a clock that is behind: a driver that waited is believed, and nobody waits longer than the budget', () => {
    const call = waiting();
    call.pass(-60_000);
    expect(call.send({ type: 'timeout' }).instruction).toMatchObject({ do: 'wait', remainingMs: 3000 });
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject(late);
  });
});

describe('set-variables', () => {
  const set = (variables: Data, data: Data = {}): Call =>
    opened([{ id: 's', type: 'set-variables', variables, next: 'end' }, end], data);

  it('texts, values with their types, and nothing', () => {
    const variables = {
      'app.text': 'Order {ivr.order} of {call.from}',
      'app.copy': '{ivr.premium}',
      'app.missing': '{ivr.none}',
      'app.fallback': '{ivr.none|7}',
      'app.number': 7,
      'app.flag': false,
      'app.gone': null,
    };
    const call = set(variables, { 'ivr.order': 12, 'ivr.premium': true, 'app.gone': 'x', 'app.missing': 'old' });
    expect(call.session().data).toEqual({
      'ivr.order': 12,
      'ivr.premium': true,
      'app.text': 'Order 12 of +14155550123',
      'app.copy': true,
      'app.fallback': '7',
      'app.number': 7,
      'app.flag': false,
    });
  });

  it('what is too long is not written, and the rest is', () => {
    const call = set({ 'app.long': 'x{ivr.long}', 'app.ok': 1 }, { 'ivr.long': 'y'.repeat(8190) });
    expect(call.session().data).toMatchObject({ 'app.ok': 1 });
    expect(noteTexts(call.effects)).toContain('s: "app.long" is not written: expected at most 8192 bytes of JSON');
  });
});

describe('queue, transfer, voicemail, play-recording', () => {
  it.each<[Module, unknown]>([
    [
      { type: 'queue', queue: '{ivr.queue|support}', priority: 5, timeoutMs: 60_000 },
      { to: 'queue', target: 'gold', priority: 5, timeoutMs: 60_000, returns: true },
    ],
    [
      { type: 'transfer', to: '+1415{ivr.digits}' },
      { to: 'transfer', target: '+14155550', timeoutMs: 60_000, returns: true },
    ],
    [
      { type: 'voicemail', mailbox: '100@default' },
      { to: 'voicemail', target: '100@default', returns: true },
    ],
    [
      { type: 'play-recording', recording: 'x/closed' },
      { to: 'play-recording', target: 'x/closed', returns: true },
    ],
  ])('%j', (module, leave) => {
    const data = { 'ivr.queue': 'gold', 'ivr.digits': 5550 };
    const call = opened([{ id: 'm', ...module, next: 'end' }, end], data);
    expect(call.last().instruction).toEqual({ do: 'leave', turn: 1, leave });
    for (const type of ['digits', 'variables-changed'] as const)
      expect(call.tell(type === 'digits' ? { type, digits: '1' } : { type }).instruction).toMatchObject({
        turn: 1,
        leave,
      });
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject({ leave: { to: 'hangup' } });
    expect(noteTexts(call.effects)).toContain('m: the call came back: nobody took it in time');
  });

  it('says where to, but for the number of a transfer', () => {
    const to = (module: Module) => noteTexts(opened([{ id: 'm', ...module }]).effects).at(-1);
    expect(to({ type: 'queue', queue: 'support' })).toBe('m: queue "support"');
    expect(to({ type: 'transfer', to: '+14155550123' })).toBe('m: transfer');
    expect(to({ type: 'hangup' })).toBe('m: hangup');
  });

  it('comes back where nothing follows: the flow is over', () => {
    const call = opened([{ id: 'm', type: 'queue', queue: 'support' }]);
    expect(call.last().instruction).toMatchObject({ leave: { returns: false } });
    expect(call.tell({ type: 'failed', reason: 'no such queue' }).instruction).toMatchObject({
      leave: { to: 'continue' },
    });
    expect(noteTexts(call.effects)).toContain('m: the call came back: no such queue');
  });

  it.each(['a,b', 'x/y', '$(x)', 'a@host.example', 'a&b', '', ' ', 'x'.repeat(300)])(
    'a name of %j goes nowhere',
    (value) => {
      const modules = [{ id: 'm', type: 'transfer', to: '{ivr.to}', next: 'end' }, end];
      const call = opened(modules, { 'ivr.to': value });
      expect(call.last().instruction).toMatchObject({ leave: { to: 'continue' } });
      expect(noteTexts(call.effects).join()).toContain('m: there is no name to go to: ');
    },
  );
});

describe('identification', () => {
  const ask = { id: 'who', type: 'identification', identification: 'customer' };
  const asked = (more: Data = {}, data: Data = {}): Call => {
    const ways = [...(more.next === undefined ? [] : [other]), ...(more.otherwise === undefined ? [] : [end])];
    const call = opened([{ ...ask, ...more }, ...ways], data);
    expect(call.last().instruction).toEqual({ do: 'identify', turn: 1, identification: 'customer' });
    return call;
  };
  const destination = { type: 'extension', target: '200' } as const;
  const ways = { next: 'other', otherwise: 'end' };

  it('known', () => {
    const call = asked(ways);
    const step = call.tell({ type: 'identified', outcome: 'success', id: '4711', destination });
    expect(step.instruction).toMatchObject({ leave: { target: 'other' } });
    expect(call.session().data).toEqual({ 'app.identification.outcome': 'success', 'app.identification.id': '4711' });
  });

  it('not known, and what an earlier one found is forgotten', () => {
    const call = asked(ways, { 'app.identification.id': '1' });
    expect(call.tell({ type: 'identified', outcome: 'failure', destination }).instruction).toMatchObject({
      leave: { to: 'hangup' },
    });
    expect(call.session().data).toEqual({ 'app.identification.outcome': 'failure' });
  });

  it('without ways of its own: where the identification sends him', () => {
    for (const outcome of ['success', 'failure'] as const)
      expect(asked().tell({ type: 'identified', outcome, destination }).instruction).toMatchObject({
        leave: { to: 'transfer', target: '200', returns: false },
      });
    const hangUp = { type: 'hangup', target: '' } as const;
    expect(asked().tell({ type: 'identified', outcome: 'failure', destination: hangUp }).instruction).toMatchObject({
      leave: { to: 'hangup' },
    });
    expect(asked().tell({ type: 'identified', outcome: 'success' }).instruction).toMatchObject({
      leave: { to: 'continue' },
    });
  });

  it('cannot be carried out: as not known', () => {
    expect(asked(ways).tell({ type: 'failed', reason: 'gone' }).instruction).toMatchObject({ leave: { to: 'hangup' } });
  });
});

describe('automations', () => {
  const both = (name: string) => [
    { position: 'exit', automation: `${name}-out` },
    { position: 'enter', automation: `${name}-in` },
  ];
  const modules = [
    { id: 'a', type: 'audio-player', prompts: ['x'], automations: both('a'), next: 's' },
    { id: 's', type: 'set-variables', variables: { 'app.x': 1 }, automations: both('s'), next: 'q' },
    { id: 'q', type: 'queue', queue: 'support', automations: both('q'), next: 'end' },
    end,
  ];

  it('in the order of the call, with what was written before them', () => {
    const call = opened(modules);
    expect(automationsOf(call.effects)).toEqual(['enter a-in']);
    const { effects } = call.tell({ type: 'played' });
    expect(automationsOf(effects)).toEqual(['exit a-out', 'enter s-in', 'exit s-out', 'enter q-in', 'exit q-out']);
    const order = effects.map((one) => (one.effect === 'run-automation' ? one.automation : one.effect));
    expect(order.indexOf('set-variables')).toBeGreaterThan(order.indexOf('s-in'));
    expect(order.indexOf('set-variables')).toBeLessThan(order.indexOf('s-out'));
    expect(automationsOf(call.tell({ type: 'timeout' }).effects)).toEqual([]);
  });

  it('each passage is one of its own', () => {
    const menu = { id: 'm', type: 'simple-menu', options: { 1: 'a' }, next: 'a' };
    const call = callIn({ flow: uncheckedFlow({ ...modules[0], next: 'm' }, menu) });
    call.last();
    call.tell({ type: 'played' });
    call.tell({ type: 'digits', digits: '1' });
    const runs = call.effects.filter((one) => one.effect === 'run-automation').map(({ occurrence }) => occurrence);
    expect(runs).toEqual(['f-1-enter-0', 'f-1-exit-0', 'f-3-enter-0']);
  });

  it('a caller who hangs up has not passed', () => {
    const call = opened(modules);
    expect(automationsOf(call.tell({ type: 'hung-up' }).effects)).toEqual([]);
  });
});
