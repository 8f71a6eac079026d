import { type CardResultRequest, type CrmHit, dataMapping, type Session } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { agentsOf, type CardState, emptyCard, isLinked, isPinned, recordKey } from '../src/domain/card.ts';
import { merged } from '../src/domain/card-merge.ts';
import { type CardConfig, withFirstSearches } from '../src/domain/card-plan.ts';
import { operated } from '../src/domain/card-records.ts';
import { withResult } from '../src/domain/card-result.ts';
import { observeOnCard } from '../src/domain/card-session.ts';
import { cardOf } from '../src/domain/card-view.ts';
import { callScript } from './call-script.ts';

const now = Date.parse('2026-11-21T10:00:00.000Z');
const at = (second: number): string => new Date(now + second * 1000).toISOString();
const mapping = dataMapping.parse({
  id: 'crm',
  name: 'CRM',
  connection: 'main',
  modules: [
    {
      module: 'Contact',
      title: '{FirstName|} {LastName}',
      fields: [
        { field: 'Account.Name', label: 'Company' },
        { field: 'Email', label: 'Mail', kind: 'email' },
      ],
      account: 'AccountId',
    },
  ],
});
const config = {
  'crm-workflow': new Map(),
  'crm-connection': new Map(),
  memorialization: new Map(),
  'data-mapping': new Map([['crm', mapping]]),
} as CardConfig;
const rules = { config, pinSingleMatch: true, now };

const hit = (id: string, more: Partial<CrmHit> = {}): CrmHit => ({
  connection: 'main',
  module: 'Contact',
  id,
  name: `Contact ${id}`,
  fields: {},
  match: 'e164',
  ...more,
});
const ref = (id: string) => ({ connection: 'main', module: 'Contact', id });
const card = (cardId = 'c-1'): CardState => emptyCard({ tenantId: 'acme', cardId }, now);
const run = (runId: string, second = 0, by: 'flow' | 'agent' = 'flow') => ({ runId, name: runId, at: at(second), by });
type Reply = CardResultRequest['reply'];
const found = (...records: CrmHit[]): Reply => ({ outcome: 'found', records, durationMs: 5 });
const written = (record: CrmHit): Reply => ({ outcome: 'written', record, again: false, fields: [], durationMs: 5 });
const get = (state: CardState, id: string) => {
  const record = state.records[recordKey(ref(id))];
  if (record === undefined) throw new TypeError(`no record ${id}`);
  return record;
};
const ops = (state: CardState, ...steps: ['pin' | 'unpin' | 'link' | 'unlink', string][]): CardState =>
  steps.reduce((one, [what, id]) => operated(one, ref(id), { what, by: 'agent:1001' }) ?? one, state);
const flags = (state: CardState, id: string): [boolean, boolean] => [
  isPinned(get(state, id)),
  isLinked(get(state, id)),
];
/** Without what tells how it came about. */
const essence = ({ version: _v, updatedAt: _u, pending: _p, ...rest }: CardState): unknown => rest;

describe('records of a card - pinned and linked', () => {
  it('pins and links the one whom a search surely found, and nobody of several', () => {
    const one = withResult(card(), { run: run('r1'), reply: found(hit('1'), hit('2', { match: 'suffix' })) }, rules);
    expect([flags(one, '1'), flags(one, '2')]).toEqual([
      [true, true],
      [false, false],
    ]);
    const two = withResult(card(), { run: run('r1'), reply: found(hit('1'), hit('2')) }, rules);
    expect([flags(two, '1'), flags(two, '2')]).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  it('chooses nobody where the campaign says so, nor for an agent who searched himself', () => {
    const never = { ...rules, pinSingleMatch: false };
    expect(flags(withResult(card(), { run: run('r1'), reply: found(hit('1')) }, never), '1')).toEqual([false, false]);
    const asked = { run: run('r1', 0, 'agent'), reply: found(hit('1')) };
    expect(flags(withResult(card(), asked, rules), '1')).toEqual([false, false]);
  });

  it('pins and links what a workflow made, whatever the setting', () => {
    const made = withResult(card(), { run: run('r1'), reply: written(hit('9')) }, { ...rules, pinSingleMatch: false });
    expect(flags(made, '9')).toEqual([true, true]);
    expect(get(made, '9').source).toBe('created');
  });

  it('unlinks what stays pinned, and unlinks by unpinning only what was linked by pinning', () => {
    const start = withResult(card(), { run: run('r1', 0, 'agent'), reply: found(hit('1')) }, rules);
    expect(flags(ops(start, ['pin', '1']), '1')).toEqual([true, true]);
    expect(flags(ops(start, ['pin', '1'], ['unlink', '1']), '1')).toEqual([true, false]);
    expect(flags(ops(start, ['pin', '1'], ['unpin', '1']), '1')).toEqual([false, false]);
    expect(flags(ops(start, ['link', '1'], ['pin', '1'], ['unpin', '1']), '1')).toEqual([false, true]);
  });

  it('does what is done already once: the same state object comes back', () => {
    const start = withResult(card(), { run: run('r1', 0, 'agent'), reply: found(hit('1')) }, rules);
    for (const what of ['pin', 'link'] as const) {
      const once = ops(start, [what, '1']);
      expect(operated(once, ref('1'), { what, by: 'agent:7' })).toBe(once);
    }
    for (const what of ['unpin', 'unlink'] as const)
      expect(operated(start, ref('1'), { what, by: 'agent:7' })).toBe(start);
    expect(operated(start, ref('unknown'), { what: 'pin', by: 'agent:7' })).toBeUndefined();
  });

  it('never pins or links again by itself what an agent took off', () => {
    const start = withResult(card(), { run: run('r1'), reply: found(hit('1')) }, rules);
    const again = { run: run('r2', 9), reply: found(hit('1')) };
    expect(flags(withResult(ops(start, ['unpin', '1']), again, rules), '1')).toEqual([false, false]);
    expect(flags(withResult(ops(start, ['unlink', '1']), again, rules), '1')).toEqual([true, false]);
  });
});

const results = [
  {
    run: run('r1', 1),
    reply: found(hit('1', { fields: { Email: 'old@example.com' } }), hit('2', { match: 'suffix' })),
  },
  { run: run('r2', 2), reply: found(hit('1', { match: 'national', fields: { Email: 'new@example.com' } })) },
  { run: run('r3', 3), reply: written(hit('3')) },
  { run: run('r4', 4), reply: { outcome: 'timeout', durationMs: 9 } as const },
  { run: run('r4', 4), reply: found(hit('2', { match: 'suffix' })) },
  { run: run('r5', 5), reply: { outcome: 'unable', message: 'no', durationMs: 1 } as const },
  { run: run('r6', 6), reply: found(hit('4')), sameAccount: true },
];

describe('results of runs', () => {
  it('leave the same card in whatever order they come, and however often', () => {
    const straight = results.reduce((state, one) => withResult(state, one, rules), card());
    let seed = 7;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    for (let round = 0; round < 200; round += 1) {
      const shuffled = [...results, ...results.slice(0, 3)]
        .map((one) => [random(), one] as const)
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one);
      const state = shuffled.reduce((before, one) => withResult(before, one, rules), card());
      expect(essence(state)).toEqual(essence(straight));
    }
    expect(get(straight, '1').hit).toMatchObject({ match: 'e164', fields: { Email: 'new@example.com' } });
    expect(straight.activities.map(({ runId, outcome }) => [runId, outcome])).toEqual([
      ['r6', 'found'],
      ['r5', 'unable'],
      ['r4', 'found'],
      ['r3', 'written'],
      ['r2', 'found'],
      ['r1', 'found'],
    ]);
  });

  it('told twice change nothing: no version, no news', () => {
    const once = withResult(card(), { run: run('r1'), reply: found(hit('1')) }, rules);
    expect(withResult(once, { run: run('r1'), reply: found(hit('1')) }, rules)).toBe(once);
  });

  it('keep the newest 50 activities and 200 records, what is pinned before what is not', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({
      run: run(`r${i}`, i),
      reply: found(...Array.from({ length: 5 }, (__, j) => hit(`${i}-${j}`, { match: 'suffix' }))),
    }));
    const pinned = withResult(card(), { run: run('first', 0), reply: written(hit('made')) }, rules);
    const state = many.reduce((before, one) => withResult(before, one, rules), pinned);
    expect([state.activities.length, state.activities[0]?.runId]).toEqual([50, 'r59']);
    expect(Object.keys(state.records)).toHaveLength(200);
    expect(flags(state, 'made')).toEqual([true, true]);
  });

  it('start one search for others of an account, not for each who belongs to it', () => {
    const account = { fields: { AccountId: 'a-1' } };
    const state = withResult(card(), { run: run('r1'), reply: found(hit('1', account), hit('2', account)) }, rules);
    const runs = state.pending.flatMap((one) => (one.kind === 'run' ? [one.run] : []));
    expect(runs).toMatchObject([
      { kind: 'filter', module: 'Contact', equals: { AccountId: 'a-1' }, source: 'same-account' },
    ]);
    const siblings = { run: run(runs[0]?.runId ?? ''), reply: found(hit('3', account)), sameAccount: true };
    const after = withResult(state, siblings, rules);
    expect(after.pending.filter(({ kind }) => kind === 'run')).toHaveLength(1);
    expect([get(after, '3').source, ...flags(after, '3')]).toEqual(['same-account', false, false]);
  });
});

describe('merged cards', () => {
  const one = ops(withResult(card('c-1'), { run: run('a'), reply: found(hit('1'), hit('2')) }, rules), ['pin', '1']);
  const other = withResult(card('digital-7'), { run: run('b', 5), reply: found(hit('1')) }, rules);
  const more = ops(withResult(other, { run: run('c'), reply: found(hit('5'), hit('6')) }, rules), ['link', '6']);

  it('have the records of both once, their links too, and say what they are part of', () => {
    const { into, from } = merged(one, more, { by: 'agent:1001', now });
    expect(Object.keys(into.records)).toHaveLength(4);
    expect(
      Object.values(into.records)
        .filter(isLinked)
        .map(({ hit: { id } }) => id),
    ).toEqual(['1', '6']);
    expect([into.merged, from.mergedInto, Object.keys(from.records), from.activities]).toEqual([
      ['digital-7'],
      'c-1',
      [],
      [],
    ]);
    expect(into.activities.map(({ runId }) => runId)).toEqual(['b', 'a', 'c']);
    expect([into.version, from.version]).toEqual([one.version + 1, more.version + 1]);
  });

  it('hold the same records whichever becomes part of which', () => {
    const a = merged(one, more, { by: 'x', now }).into;
    const b = merged(more, one, { by: 'x', now }).into;
    expect(a.records).toEqual(b.records);
    expect(a.activities).toEqual(b.activities);
  });

  it('keep off what an agent took off, if nobody but the card itself says otherwise', () => {
    const off = ops(one, ['unlink', '1']);
    expect(flags(merged(off, other, { by: 'x', now }).into, '1')).toEqual([true, false]);
    expect(flags(merged(off, ops(other, ['unlink', '1'], ['link', '1']), { by: 'x', now }).into, '1')[1]).toBe(true);
  });
});

describe('who sees a card', () => {
  const rules2 = { region: 'US', campaignId: 'support', now };
  const observe = (before: CardState | undefined, session: Session): CardState | undefined =>
    observeOnCard({ tenantId: 'acme', cardId: session.callId }, before, session, rules2);

  it('whoever rings, then whoever took it and who took it from him; not the others', () => {
    const call = callScript();
    expect(observe(undefined, call.offered())).toBeUndefined();
    expect(observe(undefined, call.queued('support'))).toBeUndefined();
    const ringing = observe(undefined, call.ringing('1001'));
    const both = observe(ringing, call.ringing('1002'));
    expect(both && agentsOf(both)).toEqual(['1001', '1002']);
    const answered = observe(both, call.answered('1002'));
    const missed = observe(
      answered,
      call.tell({
        type: 'patchcord.v1.call.agent-missed',
        data: {
          agent: { agentId: '1001' },
          legId: `l-${call.callId}-1001`,
          queue: 'support',
          reason: 'answered-elsewhere',
        },
      } as Parameters<typeof call.tell>[0]),
    );
    expect(missed && agentsOf(missed)).toEqual(['1002']);
    // Those who see it no more are told, so that their browsers look.
    expect(missed?.pending).toMatchObject([{ kind: 'news', agents: ['1001', '1002'] }]);
    call.released('1002');
    call.ringing('1003');
    const transferred = observe(missed, call.answered('1003'));
    expect(transferred && agentsOf(transferred)).toEqual(['1002', '1003']);
  });

  it('an older snapshot brings nobody back', () => {
    const call = callScript();
    call.offered();
    const before = call.ringing('1001');
    const after = call.ended();
    const state = observe(observe(undefined, before), after);
    expect(state && agentsOf(state)).toEqual([]);
    expect(observe(state, before)).toBe(state);
    expect(observe(state, after)).toBe(state);
  });

  it('a conversation of two agents has none', () => {
    const call = callScript();
    call.offered();
    const session = { ...call.ringing('1001'), direction: 'internal' as const };
    expect(observe(undefined, session)).toBeUndefined();
  });

  it('hidden numbers and extensions are searched for in no CRM, and are nobody again', () => {
    for (const ani of ['anonymous', '1001', 'sip:ada@pbx']) {
      const call = callScript();
      call.offered();
      const session = { ...call.ringing('1001'), ani };
      const state = observe(undefined, session);
      const campaign = { id: 'support', records: ['main'], memorialize: [] } as never;
      const connected = { ...config, 'crm-connection': new Map([['main', { enabled: true }]]) } as never;
      expect(state && withFirstSearches(state, campaign, connected).pending.map(({ kind }) => kind)).toEqual(['news']);
      expect(state?.persons).toEqual([]);
    }
  });
});

describe('what is shown', () => {
  it('follows the data mapping, in its order, without what is empty', () => {
    const fields = { FirstName: 'Ada', LastName: 'Lovelace', Account: { Name: 'Acme' }, Email: '  ', Secret: 'x' };
    const state = withResult(card(), { run: run('r1'), reply: found(hit('1', { fields })) }, rules);
    const [record] = cardOf(state, config['data-mapping']).current;
    expect([record?.title, record?.shown]).toEqual([
      'Ada Lovelace',
      [{ label: 'Company', value: 'Acme', kind: 'text' }],
    ]);
    expect(cardOf(state, new Map()).current[0]?.title).toBe('Contact 1');
  });

  it('takes hostile names as names, and runs no address', () => {
    const name = '<img src=x onerror=alert(1)>{ivr.secret}';
    const evil = hit('__proto__', {
      name,
      url: 'javascript:alert(1)',
      fields: JSON.parse('{"__proto__": {"polluted": true}, "LastName": "{FirstName}", "constructor": "x"}'),
    });
    const state = withResult(card(), { run: run('r1'), reply: found(evil) }, rules);
    const [record] = cardOf(state, config['data-mapping']).current;
    expect([record?.title, record?.url, record?.name]).toEqual(['{FirstName}', undefined, name]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(cardOf(state, new Map()).current[0]?.title).toBe(name);
    expect(operated(state, { connection: 'main', module: 'Contact', id: 'toString' }, { what: 'pin', by: 'x' })).toBe(
      undefined,
    );
  });

  it('keeps no books', () => {
    const fields = {
      Email: 'x'.repeat(5000),
      ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i])),
    };
    const state = withResult(
      card(),
      { run: run('r1'), reply: found(hit('1', { name: 'n'.repeat(5000), fields })) },
      rules,
    );
    const [record] = cardOf(state, new Map()).current;
    expect([record?.name.length, Object.keys(record?.fields ?? {}).length, record?.fields.Email]).toEqual([
      512,
      100,
      undefined,
    ]);
  });

  it('a company with hundreds of full records - the card was too large for a message, and nobody could read it', () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, 'ß'.repeat(2000)]));
    const hits = Array.from({ length: 200 }, (_, i) => hit(`${i}`.padStart(3, '0'), { fields }));
    const first = withResult(card(), { run: run('r1'), reply: found(...hits.slice(0, 100)) }, rules);
    const pinned = ops(first, ['pin', '099']);
    const state = withResult(pinned, { run: run('r2'), reply: found(...hits) }, rules);
    const shown = cardOf(state, config['data-mapping']);
    expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThan(900_000);
    expect(shown.related).toHaveLength(199);
    // What matters most keeps most.
    expect(Object.keys(shown.current[0]?.fields ?? {}).length).toBeGreaterThan(3);
    const both = merged(state, withResult(card('c-2'), { run: run('r3'), reply: found(...hits) }, rules), {
      by: 'x',
      now,
    });
    expect(Buffer.byteLength(JSON.stringify(cardOf(both.into, new Map())))).toBeLessThan(900_000);
  });
});
