import { type Campaign, campaign as campaignSchema, memorialization, type Session } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { observe } from '../src/domain/acw.ts';
import type { CallLinks } from '../src/domain/ports.ts';
import { recordDisposition } from '../src/domain/record-disposition.ts';
import { writeRecords } from '../src/domain/records.ts';
import { type AfterCallState, emptyState } from '../src/domain/state.ts';
import { answeredCall, type CallScript, callScript } from './call-script.ts';

const now = Date.parse('2026-11-21T10:00:00.000Z');
const campaign = campaignSchema.parse({
  id: 'support',
  name: 'Support',
  records: ['suite', 'other'],
  memorialize: ['m'],
  dispositions: [{ id: 'sold', name: 'Sold' }],
});
const mapping = (more: object = {}) => memorialization.parse({ id: 'm', name: 'M', connection: 'suite', ...more });

interface Given {
  readonly more?: object;
  readonly links?: CallLinks;
  readonly of?: Campaign;
}

function endedCall(): Session {
  const call = answeredCall();
  call.released('1001');
  return call.ended();
}

/** A call that a second agent has taken from the first. */
function handedOn(): CallScript {
  const call = answeredCall();
  call.released('1001');
  call.ringing('1002');
  call.answered('1002');
  return call;
}

const write = (session: Session, state: AfterCallState, { more, links, of = campaign }: Given = {}) =>
  writeRecords(
    { session, state: { ...state, pending: [] } },
    { campaign: of, memorializations: [mapping(more)], links: links ?? { linked: [], unlinked: [] } },
  );
const see = (session: Session, state = emptyState) => observe({ session, state }, { timeoutMs: 0, now });
const plans = ({ pending }: AfterCallState) =>
  pending.flatMap((effect) => (effect.kind === 'memorialize' ? [effect] : []));
const logged = ({ pending }: AfterCallState) =>
  pending.flatMap((effect) => (effect.kind === 'dispatch' ? [effect.job.destination.id] : []));

describe('memorialization', () => {
  it('of a connection that is named in both, the memorialization writes the timeline', () => {
    const session = endedCall();
    const written = write(session, see(session));
    expect([logged(written), plans(written).map(({ job }) => job.destination.id)]).toEqual([['other'], ['suite']]);
    const silent = write(session, see(session), { more: { timeline: false, entities: [entity] } });
    expect(logged(silent)).toEqual(['suite', 'other']);
    const elsewhere = write(session, see(session), { more: { channels: ['digital'] } });
    expect([logged(elsewhere), plans(elsewhere)]).toEqual([['suite', 'other'], []]);
  });

  it('is handed over once, and again when something became known or was linked', () => {
    const session = endedCall();
    const first = write(session, see(session));
    expect(plans(write(session, first))).toEqual([]);
    const contact = { connection: 'suite', module: 'Contacts', id: '7' };
    const other = { connection: 'other', module: 'Contacts', id: '8' };
    const linked = write(session, first, { links: { linked: [contact, other], unlinked: [] } });
    const [plan] = plans(linked);
    expect(plan?.job).toMatchObject({
      revision: 2,
      memorialization: { id: 'm', step: { kind: 'plan', linked: [{ module: 'Contacts', id: '7' }], unlinked: [] } },
    });
    expect(plan?.job.workId).not.toBe(plans(first)[0]?.job.workId);
    expect(plan?.id).toBe(plan?.job.memorialization?.root);
  });

  it('a call that nobody took has one, with the outcomes that are asked for', () => {
    const call = callScript();
    call.offered();
    call.queued('support');
    const session = call.ended();
    expect(plans(write(session, see(session)))).toHaveLength(1);
    expect(plans(write(session, see(session), { more: { outcomes: ['answered'] } }))).toEqual([]);
  });

  it('by interaction: the first part is written while the call goes on with somebody else', () => {
    const session = handedOn().session();
    expect(plans(write(session, see(session)))).toHaveLength(1);
  });

  it('by call: one entry when the last part is done, with the facts of all', () => {
    const call = handedOn();
    const going = call.session();
    const more = { log: 'call' };
    expect(plans(write(going, see(going), { more }))).toEqual([]);
    call.released('1002');
    const session = call.ended();
    const [first] = session.interactions;
    const seen = see(session);
    const said = recordDisposition(
      { session, state: seen },
      {
        interactionId: first?.interactionId ?? '',
        agentId: undefined,
        disposition: { optionId: 'sold' },
        campaign,
        forms: new Map(),
        now,
      },
    );
    const [plan, ...others] = plans(write(session, 'state' in said ? said.state : seen, { more }));
    expect(others).toEqual([]);
    expect(plan?.job.record).toMatchObject({ recordId: session.callId, disposition: { optionId: 'sold' } });
    expect(plan?.job.interactionId).toBeUndefined();
  });
});

const entity = { module: 'Contacts', fields: [{ field: 'description', item: 'notes' }] };
