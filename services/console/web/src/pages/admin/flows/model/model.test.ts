import { type FlowModule, flowExits, flow as flowSchema } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { differencesOf, isSame } from './differences.ts';
import type { Draft, DraftModule } from './draft.ts';
import { addModule, duplicateModule, forStorage, removeModule, renameModule } from './edits.ts';
import { connect, exitsOf, newExitOf, usesOf, withExit, withoutExit } from './exits.ts';
import { historyAfter, historyOf } from './history.ts';
import { blankModule, fieldsOf, kindGroups } from './kinds.ts';
import { heightOf, moduleWidth, placesOf } from './layout.ts';
import { exitAt, problemAt, problemsOf } from './problems.ts';
import { fromTemplate, templateNames } from './templates.ts';
import { type TryStep, wayOf } from './way.ts';

const words = {
  greeting: 'Welcome.',
  menu: 'Press 1 or 2.',
  notUnderstood: 'Sorry.',
  reference: 'Enter your reference.',
  referenceWrong: 'Seven digits.',
  thanks: 'Thank you.',
  found: 'Found.',
  notFound: 'Not found.',
};
const menu = fromTemplate('menu', { id: 'menu', name: 'Menu' }, words);
const kinds = Object.values(kindGroups).flat();

const full: Partial<Record<FlowModule['type'], object>> = {
  'audio-player': { prompts: ['hello'] },
  'text-to-speech': { text: 'Hello' },
  'input-reader': { variable: 'reference', routes: [{ when: 'known', module: 'a' }], otherwise: 'a' },
  'simple-menu': { options: { '*': 'a', '1': 'a', '0': 'a' } },
  switch: {
    routes: [
      { when: 'known', module: 'a' },
      { when: { trigger: 'b', invert: true }, module: 'a' },
    ],
  },
  'set-variables': { variables: { 'app.a': 1 } },
  'wait-for-variable': { expression: 'ivr.a', otherwise: 'a' },
  'http-action': { automation: 'a', otherwise: 'a' },
  'crm-workflow': { workflow: 'w', found: 'a', several: 'a', none: 'a', done: 'a', timeout: 'a', otherwise: 'a' },
  identification: { identification: 'i', otherwise: 'a' },
  queue: { queue: 'q' },
  transfer: { to: '100' },
  voicemail: { mailbox: '100' },
  'play-recording': { recording: 'r' },
};

const partOf = (type: FlowModule['type']): FlowModule =>
  flowSchema.shape.modules.element.parse({
    id: 'm',
    type,
    ...(type === 'hangup' ? {} : { next: 'a' }),
    ...full[type],
  });

describe('what the graph knows of modules is what the schema knows', () => {
  it('knows every kind once', () => {
    const options = flowSchema.shape.modules.element.options.map(({ shape }) => shape.type.value);
    expect(kinds.toSorted()).toEqual(options.toSorted());
  });

  it.each(kinds)('%s: the same ways out', (type) => {
    const module = partOf(type);
    const mine = exitsOf(module as unknown as DraftModule).map(({ key, to }) => `${key} ${to}`);
    expect(mine.toSorted()).toEqual(
      flowExits(module)
        .map(({ path, to }) => `${path.filter((part) => part !== 'module').join('.')} ${to}`)
        .toSorted(),
    );
  });

  it.each(kinds)('%s: a field for each setting', (type) => {
    const element = flowSchema.shape.modules.element.options.find(({ shape }) => shape.type.value === type);
    const settings = Object.keys(element?.shape ?? {});
    const others = [
      'id',
      'type',
      'name',
      'automations',
      ...exitsOf(partOf(type) as unknown as DraftModule).map(({ key }) => key.split('.')[0]),
    ];
    const mine = new Set<string>([
      ...fieldsOf[type].map(({ name }) => name),
      ...others.filter((one) => one !== undefined),
    ]);
    expect([...mine].toSorted()).toEqual(settings.toSorted());
  });

  it.each(templateNames)('a new flow from the template "%s" can be saved', (name) => {
    const made = fromTemplate(name, { id: 'new', name: 'New' }, words);
    expect(flowSchema.safeParse(made).error?.issues).toBeUndefined();
  });
});

describe('ways out', () => {
  it('stand as on a telephone; those that lead nowhere are there too', () => {
    const keys = exitsOf(partOf('simple-menu') as unknown as DraftModule).map(({ key }) => key);
    expect(keys).toEqual(['options.1', 'options.*', 'options.0', 'next']);
    expect(exitsOf(blankModule('http-action'))).toMatchObject([
      { key: 'next', to: undefined, required: false },
      { key: 'otherwise', to: undefined, required: true },
    ]);
  });

  it('a new one is the next free key of a menu, or another route of a switch', () => {
    const [, choose = blankModule('simple-menu')] = menu.modules;
    expect(withExit(choose, newExitOf(choose) ?? '', 'sales').options).toMatchObject({ 1: 'sales', 3: 'sales' });
    const routed = withExit(blankModule('switch'), 'routes.+', 'sales');
    expect(routed.routes).toEqual([{ when: { trigger: '' }, module: 'sales' }]);
    expect(withoutExit(routed, 'routes.0').routes).toEqual([]);
    expect(withoutExit(choose, 'options.2').options).toEqual({ 1: 'sales', 9: 'menu' });
  });

  it('a menu with twelve keys gets no thirteenth', () => {
    const options = Object.fromEntries(Array.from('0123456789*#', (key) => [key, 'a']));
    const all = { ...blankModule('simple-menu'), options };
    expect(withExit(all, 'options.+', 'b')).toEqual(all);
  });
});

describe('edits', () => {
  it('a module that is removed is led to by nobody; keys and routes to it stay, and lead nowhere', () => {
    const without = removeModule(menu, 'sales');
    expect(usesOf(menu, 'sales').map(({ from, exit }) => `${from.id} ${exit.key}`)).toEqual(['menu options.1']);
    expect(usesOf(without, 'sales')).toEqual([]);
    expect(without.modules.find(({ id }) => id === 'menu')?.options).toEqual({ 1: '', 2: 'support', 9: 'menu' });
    expect(removeModule(menu, 'voicemail').modules.find(({ id }) => id === 'sales')).not.toHaveProperty('next');
  });

  it('a flow whose first module is removed begins where that one led', () => {
    expect(removeModule(menu, 'welcome').start).toBe('menu');
  });

  it('a module that is renamed is named so everywhere', () => {
    const placed: Draft = { ...menu, layout: { menu: { x: 1, y: 2 } } };
    const renamed = renameModule(placed, 'menu', 'choice');
    expect(renamed.modules.map(({ id }) => id)).toContain('choice');
    expect(usesOf(renamed, 'choice').map(({ from, exit }) => `${from.id} ${exit.key}`)).toEqual([
      'welcome next',
      'choice options.9',
    ]);
    expect(renamed.layout).toEqual({ choice: { x: 1, y: 2 } });
    expect(renameModule(menu, 'welcome', 'hello').start).toBe('hello');
    expect(flowSchema.safeParse(renamed).success).toBe(true);
  });

  it('a copy has an id of its own, the same ways, and a place beside', () => {
    const placed: Draft = { ...menu, layout: { sales: { x: 10, y: 20 } } };
    const { draft, id } = duplicateModule(placed, 'sales');
    expect(id).toBe('sales-2');
    expect(draft.modules.find((module) => module.id === id)).toMatchObject({ queue: 'sales', next: 'voicemail' });
    expect(draft.layout?.[id]).toEqual({ x: 50, y: 80 });
    expect(duplicateModule(draft, 'sales-2').id).toBe('sales-3');
  });

  it('what is stored has no places of modules that are gone', () => {
    const { draft } = addModule({ ...menu, layout: { gone: { x: 0, y: 0 } } }, blankModule('hangup'), { x: 1.4, y: 2 });
    expect(forStorage(draft).layout).toEqual({ hangup: { x: 1, y: 2 } });
    expect(forStorage(menu)).not.toHaveProperty('layout');
  });
});

describe('undo and redo', () => {
  const named = (name: string, what?: string) => ({
    type: 'change' as const,
    change: (draft: Draft) => ({ ...draft, name }),
    what,
  });

  it('go back and forth; letters typed into one field are one step', () => {
    const typed = [named('M', 'name'), named('Ma', 'name'), named('Main')].reduce(historyAfter, historyOf(menu));
    const undone = historyAfter(typed, { type: 'undo' });
    expect(undone.now.name).toBe('Ma');
    expect(historyAfter(undone, { type: 'undo' }).now.name).toBe('Menu');
    expect(historyAfter(undone, { type: 'redo' }).now.name).toBe('Main');
    expect(historyAfter(historyOf(menu), { type: 'undo' }).now).toBe(menu);
  });

  it('what is undone and then changed cannot be redone', () => {
    const undone = historyAfter(historyAfter(historyOf(menu), named('A')), { type: 'undo' });
    expect(historyAfter(undone, named('B')).future).toEqual([]);
  });
});

describe('places', () => {
  const overlaps = (draft: Draft): string[] => {
    const places = placesOf(draft);
    return draft.modules.flatMap((one, at) =>
      draft.modules.slice(at + 1).flatMap((other) => {
        const [a = { x: 0, y: 0 }, b = { x: 0, y: 0 }] = [places[one.id], places[other.id]];
        const apart = Math.abs(a.x - b.x) >= moduleWidth || a.y + heightOf(one) <= b.y || b.y + heightOf(other) <= a.y;
        return apart ? [] : [`${one.id} ${other.id}`];
      }),
    );
  };

  it('without any the modules stand in the order of a call, and none on another', () => {
    const places = placesOf(menu);
    expect(places.welcome?.x).toBeLessThan(places.menu?.x ?? 0);
    expect(places.menu?.x).toBeLessThan(places.sales?.x ?? 0);
    expect(overlaps(menu)).toEqual([]);
  });

  it('those that were put somewhere stay there, a new one stands on none of them', () => {
    const layout = placesOf(menu);
    const more = addModule({ ...menu, layout }, blankModule('queue')).draft;
    expect(placesOf(more)).toMatchObject(layout);
    expect(overlaps(more)).toEqual([]);
  });
});

describe('problems', () => {
  const lost = addModule(menu, blankModule('hangup')).draft;

  it.each([
    ['modules[6]', 'hangup', ''],
    ['modules[1].options.1', 'menu', 'options.1'],
    ['flow[0].modules[1].routes[2].when.trigger', 'menu', 'routes.2.when.trigger'],
    ['flow/menu.modules[4].mailbox', 'voicemail', 'mailbox'],
    ['start', undefined, 'start'],
    ['modules', undefined, 'modules'],
    ['modules[99].id', undefined, 'modules.99.id'],
  ])('%s is about the module %s', (path, module, field) => {
    const [problem] = problemsOf(lost, [{ path, message: 'expected' }]);
    expect([problem?.module, problem?.field]).toEqual([module, field]);
  });

  it('are shown beside their field, and at the way out that they are about', () => {
    const [problem] = problemsOf(menu, [{ path: 'modules[1].options.2', message: 'expected a module' }]);
    if (problem === undefined) throw new Error('no problem');
    expect(exitAt(menu, problem)).toBe('options.2');
    expect(problemAt([problem], 'options')?.message).toBe('expected a module');
    expect(problemAt([problem], 'option')).toBeUndefined();
  });
});

describe('problems of what is not written yet', () => {
  it('are told once a field, and as what they are: nothing stands there', () => {
    const { draft } = addModule(menu, blankModule('simple-menu'));
    const issues = flowSchema.safeParse(draft).error?.issues ?? [];
    const told = issues.map(({ path, message }) => ({
      path: path
        .reduce<string>((all, key) => (typeof key === 'number' ? `${all}[${key}]` : `${all}.${String(key)}`), '')
        .slice(1),
      message,
    }));
    expect(told.length).toBeGreaterThan(1);
    expect(problemsOf(draft, told)).toMatchObject([{ module: 'simple-menu', field: 'options.1', empty: true }]);
  });
});

describe('differences', () => {
  it('are told by module and field, whatever the order of keys; places are none', () => {
    const [, choose = blankModule('hangup')] = menu.modules;
    const theirs = connect(removeModule(menu, 'sales'), 'menu', 'next', 'voicemail');
    expect(differencesOf({ ...menu, name: 'Mine', layout: {} }, theirs)).toEqual([
      { field: 'name', mine: 'Mine', theirs: 'Menu' },
      { module: 'menu', field: 'options', mine: expect.stringContaining('sales'), theirs: expect.any(String) },
      { module: 'menu', field: 'next', mine: 'support', theirs: 'voicemail' },
      { module: 'sales', mine: 'queue', theirs: undefined },
    ]);
    const turned = { ...choose, options: { '9': 'menu', '2': 'support', '1': 'sales' } };
    expect(isSame(menu, { ...menu, modules: menu.modules.map((one) => (one.id === 'menu' ? turned : one)) })).toBe(
      true,
    );
  });
});

describe('the way of a call that is tried', () => {
  const step = (entered: string[], notes: TryStep['notes'] = []): TryStep => ({
    instruction: { do: 'play' },
    module: entered.at(-1) ?? '',
    entered,
    notes,
    wouldRun: [],
  });

  it('goes from module to module; of two ways to the same one it took that of the key', () => {
    const way = wayOf(
      menu,
      [step(['welcome']), step(['menu']), step(['menu']), step(['support'])],
      [{ type: 'played' }, { type: 'digits', digits: '9' }, { type: 'digits', digits: '2' }],
    );
    expect([...way.exits]).toEqual(['welcome next', 'menu options.9', 'menu options.2']);
    expect(way.at).toBe('support');
    const missed = wayOf(menu, [step(['welcome', 'menu']), step(['support'])], [{ type: 'timeout' }]);
    expect([...missed.exits]).toEqual(['welcome next', 'menu next']);
  });
});
