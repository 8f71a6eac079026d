import { expect, test } from 'vitest';
import type { CallEntry } from '../../../src/index.ts';
import { cases } from './cases.ts';
import { type Conformance, done, entry, failureOf, number, type Subject } from './subject.ts';

export function logsCalls<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  const { connector, person, durationStep = 1 } = of;
  const log = (more: Partial<CallEntry> = {}) => subject().crm.logCall({ ...entry, ...more });
  const logged = () => subject().fake.loggedCalls();

  test(cases.call.title, async () => {
    const id = subject().person(number);
    const { ref, cut } = done(await log({ about: [{ module: person.module, id }] }));
    expect(cut).toEqual([]);
    expect(logged()).toMatchObject([{ id: ref.id, direction: 'inbound' }]);
    const [call] = logged();
    expect(Date.parse(call?.startedAt ?? '')).toBe(Date.parse(entry.startedAt));
    expect(Math.abs((call?.durationSeconds ?? 0) - entry.durationSeconds)).toBeLessThan(durationStep);
    expect(call?.about).toContain(id);
    for (const text of ['Sold', 'José & Co', '😀', 'recordings.example.test/r/1.wav'])
      expect(call?.text).toContain(text);
  });

  test(cases.toldTwice.title, async () => {
    done(await log());
    done(await log({ notes: 'and the recording is ready' }));
    expect(logged().length).toBe(1);
    const isChanged = connector.cannot['update-call'] === undefined;
    if (isChanged) expect(logged()[0]?.text).toContain('and the recording is ready');
  });

  test(cases.lostAnswer.title, async () => {
    subject().fake.failNext('lost-answer', of.isLog);
    expect(failureOf(await log()).class).toBe('transient');
    expect(logged().length).toBe(1);
    done(await log());
    expect(logged().length).toBe(1);
  });

  test(cases.twoKeys.title, async () => {
    done(await log());
    done(await log({ key: 'i-lab-1795218099_2E1700' }));
    expect(logged().length).toBe(2);
  });

  test(cases.longTexts.title, async () => {
    for (const [name, most] of Object.entries(connector.calls.maxLengths)) {
      const key = `i-long-${name}`;
      if (name === 'recordingUrl') continue;
      expect(done(await log({ key, [name]: 'ä'.repeat(most + 10) })).cut).toEqual([name]);
      expect(logged().at(-1)?.text).toContain('[cut]');
    }
  });

  test(cases.untaken.title, async () => {
    done(await log({ direction: 'outbound', outcome: 'missed', durationSeconds: 0, endedAt: entry.startedAt }));
    expect(logged()).toMatchObject([{ direction: 'outbound', durationSeconds: 0 }]);
  });
}
