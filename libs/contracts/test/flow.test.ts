import { describe, expect, it } from 'vitest';
import { brokenReferences, emptyTenantConfig, type Flow, flow } from '../src/index.ts';

type Module = Record<string, unknown>;

const parse = (modules: readonly Module[], start = modules[0]?.id) =>
  flow.safeParse({ id: 'f', name: 'F', start, modules });

const issuesOf = (modules: readonly Module[], start?: string): string[] => {
  const { error } = parse(modules, start ?? modules[0]?.id);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
};

const player = (id: string, more: Module = {}): Module => ({ id, type: 'audio-player', prompts: ['hello'], ...more });
const end = { id: 'end', type: 'hangup' };
const root = { id: 'root', type: 'simple-menu', options: { 1: 'a', 2: 'end' } };

const one: Record<string, Module> = {
  'audio-player': { prompts: ['welcome', { sound: 'in/{ivr.language|en}/hello' }, { text: 'Hi {ivr.name|you}' }] },
  'text-to-speech': { text: 'Dear {ivr.name|customer}', language: 'en-GB', voice: 'amy' },
  'input-reader': {
    variable: 'reference',
    min: 7,
    max: 7,
    terminationDigit: 'KEY_9',
    readTimeoutMs: 1000,
    betweenDigitsTimeoutMs: 500,
    maxAttempts: 1,
    ignoreNoInput: true,
    bargeIn: { enabled: true, delayMs: 500 },
    prompt: 'reference',
    noInputPrompts: ['a', 'b'],
    noMatchPrompts: ['c', { text: 'd' }],
    pattern: '7\\d{6}',
    routes: [{ when: 'known', priority: 2, module: 'end' }],
    otherwise: 'end',
  },
  'simple-menu': { options: { 1: 'end', '#': 'end', '*': 'end' }, bargeIn: false },
  switch: { routes: [{ when: { trigger: 'known', invert: true, enabled: false }, module: 'end' }] },
  queue: { queue: '{ivr.queue|support}', priority: 5, timeoutMs: 60_000 },
  transfer: { to: '+14155550123', timeoutMs: 600_000 },
  voicemail: { mailbox: '100@default' },
  'play-recording': { recording: 'closed' },
  'wait-for-variable': { expression: 'ivr.email', budgetMs: 4000, filler: ['music'], otherwise: 'end' },
  'set-variables': { variables: { 'app.priority': 'high', 'app.n': 1, 'app.vip': true, 'app.old': null } },
  identification: { identification: 'customer', otherwise: 'end' },
};

describe('flow - modules', () => {
  it.each(Object.entries(one))('%s is taken with all that it has', (type, fields) => {
    const module = {
      id: 'a',
      name: 'A',
      type,
      next: 'end',
      automations: [{ position: 'enter', automation: 'mail' }],
      ...fields,
    };
    expect(issuesOf([module, end])).toEqual([]);
  });

  it('fills in what the reference systems have as defaults', () => {
    const { data } = parse([
      { id: 'a', type: 'input-reader', variable: 'x', prompt: 'hello', next: 'b' },
      { id: 'b', type: 'transfer', to: '100' },
    ]);
    expect(data?.modules).toEqual([
      {
        id: 'a',
        type: 'input-reader',
        variable: 'x',
        next: 'b',
        automations: [],
        routes: [],
        min: 1,
        max: 30,
        terminationDigit: 'HASH',
        readTimeoutMs: 5000,
        betweenDigitsTimeoutMs: 3000,
        prompt: { sound: 'hello' },
        noInputPrompts: [],
        noMatchPrompts: [],
        maxAttempts: 3,
        bargeIn: { enabled: true, delayMs: 0 },
        ignoreNoInput: false,
      },
      { id: 'b', type: 'transfer', to: '100', timeoutMs: 60_000, automations: [] },
    ]);
  });

  const reader = { type: 'input-reader', variable: 'x' };
  const wait = { type: 'wait-for-variable', otherwise: 'end' };
  it.each<[string, Module, string]>([
    ['min above max', { ...reader, min: 8, max: 7 }, 'modules.0.min: expected at most 7, which "max" allows'],
    [
      'a pattern that is none',
      { ...reader, pattern: '(' },
      'modules.0.pattern: expected a pattern in the syntax of RE2',
    ],
    ['look-around', { ...reader, pattern: '(?=7)' }, 'modules.0.pattern: expected a pattern in the syntax of RE2'],
    ['a variable that is no name', { ...reader, variable: 'a b' }, 'modules.0.variable: expected letters, digits'],
    ['a termination digit that is none', { ...reader, terminationDigit: 'STAR' }, 'modules.0.terminationDigit: '],
    ['three prompts for no input', { ...reader, noInputPrompts: ['a', 'b', 'c'] }, 'modules.0.noInputPrompts: '],
    ['no attempt at all', { ...reader, maxAttempts: 0 }, 'modules.0.maxAttempts: '],
    [
      'a key that no telephone has',
      { type: 'simple-menu', options: { 10: 'end' } },
      'modules.0.options.10: expected a key of the telephone (0 to 9, * or #), not "10"',
    ],
    ['a menu without keys', { type: 'simple-menu', options: {} }, 'modules.0.options: expected at least one key'],
    [
      'a text that does not parse',
      { type: 'text-to-speech', text: 'Hi {ivr.name' },
      'modules.0.text: expected a name and "}"',
    ],
    ['nothing to say', { type: 'text-to-speech', text: ' ' }, 'modules.0.text: expected a text to say'],
    [
      'a prompt that does not parse',
      { type: 'audio-player', prompts: [{ text: '{' }] },
      'modules.0.prompts.0.text: expected a name and "}"',
    ],
    [
      'a sound with a quote',
      { type: 'audio-player', prompts: ['a"b'] },
      'modules.0.prompts.0: expected the name of a sound without quotes',
    ],
    [
      'a prompt that is none',
      { type: 'audio-player', prompts: [7] },
      'modules.0.prompts.0: expected the name of a sound, or {"text": "…"} to say it',
    ],
    ['a queue that does not parse', { type: 'queue', queue: '{ivr.queue|' }, 'modules.0.queue: expected "}"'],
    ['a transfer that rings too long', { type: 'transfer', to: '1', timeoutMs: 600_001 }, 'modules.0.timeoutMs: '],
    [
      'a wait without otherwise',
      { type: 'wait-for-variable', expression: 'ivr.x' },
      'modules.0.otherwise: expected the module for a variable that does not come in time',
    ],
    ['a wait for nothing', wait, 'modules.0.expression: expected either "expression" or "when"'],
    ['a wait for two things', { ...wait, expression: 'ivr.x', when: 'known' }, 'modules.0.expression: expected either'],
    ['an expression that is none', { ...wait, expression: '7' }, 'modules.0.expression: expected a name'],
    [
      'a variable of the CRM',
      { type: 'set-variables', variables: { 'ivr.x': 1 } },
      'modules.0.variables.ivr.x: expected a name that begins with "app."',
    ],
    [
      'the state of the flow',
      { type: 'set-variables', variables: { 'app.flow.state': 1 } },
      'modules.0.variables.app.flow.state: expected another name',
    ],
    [
      'a value that does not parse',
      { type: 'set-variables', variables: { 'app.x': '{' } },
      'modules.0.variables.app.x: expected a name and "}"',
    ],
    ['no variable', { type: 'set-variables', variables: {} }, 'modules.0.variables: expected 1 to 50 variables'],
    [
      'a use of a trigger that is none',
      { type: 'switch', routes: [{ when: 'a b', module: 'end' }] },
      'modules.0.routes.0.when: expected the id of a trigger',
    ],
    [
      'a barge-in that is none',
      { ...reader, bargeIn: 'yes' },
      'modules.0.bargeIn: expected true, false, or {"enabled"',
    ],
    ['what it does not know', { type: 'hangup', next: 'end' }, 'modules.0: Unrecognized key: "next"'],
    ['a type that is none', { type: 'jump' }, 'modules.0.type: '],
  ])('refuses %s', (_title, fields, message) => {
    const [first, ...rest] = issuesOf([{ id: 'a', ...fields }, end, root], 'root');
    expect(rest).toEqual([]);
    expect(first?.slice(0, message.length)).toBe(message);
  });
});

describe('flow - how modules lead to each other', () => {
  it('a module that is not there', () => {
    const menu = { id: 'b', type: 'simple-menu', options: { 1: 'gone' } };
    const route = { id: 'c', type: 'switch', routes: [{ when: 't', module: 'gone' }] };
    expect(issuesOf([player('a', { next: 'gone' }), menu, route], 'start')).toEqual([
      'start: expected the id of a module of this flow: there is no "start"',
      'modules.0.next: expected the id of a module of this flow: there is no "gone"',
      'modules.1.options.1: expected the id of a module of this flow: there is no "gone"',
      'modules.2.routes.0.module: expected the id of a module of this flow: there is no "gone"',
    ]);
  });

  it('an id twice', () => {
    expect(issuesOf([player('a'), player('a')])).toEqual([
      'modules.1.id: expected an id of its own: modules[0] is "a" already',
    ]);
  });

  it('a module that no way leads to', () => {
    expect(issuesOf([player('a'), player('b', { next: 'c' }), player('c')])).toEqual([
      'modules.1: expected a way to "b" from "a": let another module lead to it, or remove it',
      'modules.2: expected a way to "c" from "a": let another module lead to it, or remove it',
    ]);
  });

  it('a route that is switched off is a way: what it leads to is not to be removed', () => {
    const off = { when: { trigger: 't', enabled: false }, module: 'b' };
    expect(issuesOf([{ id: 'a', type: 'switch', routes: [off] }, player('b')])).toEqual([]);
  });
});

describe('flow - ways round', () => {
  const route = (module: string) => ({ when: 't', module });
  const set = { type: 'set-variables', variables: { 'app.x': 1 } };
  const wait = { type: 'wait-for-variable', expression: 'ivr.x' };

  it.each<[string, Module[], string]>([
    [
      'a module that leads to itself',
      [player('a', { next: 'a' })],
      'modules.0.next: expected no way round without waiting: "a" -> "a". ',
    ],
    [
      'a switch that leads back',
      [
        { id: 'a', type: 'switch', routes: [route('end'), route('b')], next: 'end' },
        { id: 'b', ...set, next: 'a' },
        end,
      ],
      'modules.0.routes.1.module: expected no way round without waiting: "a" -> "b" -> "a". ',
    ],
    [
      'a wait for what is there already',
      [{ id: 'a', ...wait, next: 'b', otherwise: 'end' }, player('b', { next: 'a' }), end],
      'modules.0.next: expected no way round without waiting: "a" -> "b" -> "a". ',
    ],
    [
      'behind modules that are none of it',
      [player('a', { next: 'b' }), player('b', { next: 'c' }), player('c', { next: 'b' })],
      'modules.1.next: expected no way round without waiting: "b" -> "c" -> "b". ',
    ],
  ])('refuses %s', (_title, modules, message) => {
    const [first, ...rest] = issuesOf(modules);
    expect(rest).toEqual([]);
    expect(first?.slice(0, message.length)).toBe(message);
    expect(first).toMatch(/Put a module into it that waits for the caller or for time, e\.g\. an input-reader/);
  });

  it('names each of several', () => {
    const ways = [route('b'), route('c')];
    const modules = [{ id: 'a', type: 'switch', routes: ways }, player('b', { next: 'b' }), player('c', { next: 'c' })];
    expect(issuesOf(modules).map((issue) => issue.split(':')[0])).toEqual(['modules.1.next', 'modules.2.next']);
  });

  it.each<[string, Module]>([
    ['an input-reader', { type: 'input-reader', variable: 'x', routes: [route('a')], otherwise: 'a', next: 'a' }],
    ['a menu', { type: 'simple-menu', options: { 9: 'a' }, next: 'a' }],
    ['a wait for what does not come', { ...wait, otherwise: 'a' }],
    ['an identification', { type: 'identification', identification: 'i', otherwise: 'a', next: 'a' }],
    ['a queue that gives the call back', { type: 'queue', queue: 'support', timeoutMs: 60_000, next: 'a' }],
    ['a transfer that nobody takes', { type: 'transfer', to: '100', next: 'a' }],
    ['a voicemail', { type: 'voicemail', mailbox: '100', next: 'a' }],
  ])('takes a way round with %s in it', (_title, fields) => {
    expect(issuesOf([player('a', { next: 'b' }), { id: 'b', ...fields }])).toEqual([]);
  });

  it('reads a large flow fast', () => {
    const modules = Array.from({ length: 200 }, (_, at) => ({
      id: `m${at}`,
      type: 'switch',
      routes: Array.from({ length: 50 }, (_, to) => route(`m${(at + to + 1) % 200}`)),
    }));
    const startedAt = performance.now();
    expect(issuesOf(modules)).not.toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('flow - references', () => {
  it('to triggers and identifications that do not exist', () => {
    const modules = [
      { id: 'a', type: 'switch', routes: [{ when: 't1', module: 'b' }], next: 'c' },
      { id: 'b', type: 'wait-for-variable', when: 't2', otherwise: 'c' },
      { id: 'c', type: 'identification', identification: 'i' },
    ];
    const data: Flow | undefined = parse(modules).data;
    if (data === undefined) throw new Error('expected a flow');
    expect(brokenReferences({ ...emptyTenantConfig(), flow: new Map([['f', data]]) })).toEqual([
      { kind: 'flow', id: 'f', path: 'modules[0].routes[0].when.trigger', expected: 'an existing trigger, not "t1"' },
      { kind: 'flow', id: 'f', path: 'modules[1].when.trigger', expected: 'an existing trigger, not "t2"' },
      { kind: 'flow', id: 'f', path: 'modules[2].identification', expected: 'an existing identification, not "i"' },
    ]);
  });
});

describe('the layout of a flow', () => {
  const laidOut = (layout: unknown) =>
    flow.safeParse({ id: 'f', name: 'F', start: 'end', modules: [end], ...(layout === undefined ? {} : { layout }) });

  it('is kept as it is, also for a module that is gone; without one there is none', () => {
    const layout = { end: { x: -12.5, y: 40 }, gone: { x: 0, y: 0 } };
    expect(laidOut(layout).data?.layout).toEqual(layout);
    expect(laidOut(undefined).data).not.toHaveProperty('layout');
  });

  it.each([{ end: { x: 1 } }, { end: { x: 1, y: Number.NaN } }, { end: { x: 1, y: 1e9 } }, { 'a b': { x: 1, y: 1 } }])(
    'refuses %j',
    (layout) => expect(laidOut(layout).success).toBe(false),
  );
});
