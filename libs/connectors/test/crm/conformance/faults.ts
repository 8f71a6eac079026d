import { expect, test } from 'vitest';
import { cases } from './cases.ts';
import { type Conformance, done, entry, failureOf, password, type Subject } from './subject.ts';

export function fails<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  const log = () => subject().crm.logCall(entry);
  const once = async () => {
    done(await log());
    expect(subject().fake.loggedCalls().length).toBe(1);
  };

  test(cases.throttled.title, async () => {
    subject().fake.failNext(of.throttled, of.isLog);
    const { class: failureClass, retryAt } = failureOf(await log());
    expect(failureClass).toBe('throttled');
    expect(retryAt?.getTime()).toBeGreaterThan(Date.now());
    await once();
  });

  test(cases.down.title, async () => {
    subject().fake.failNext({ status: 503, body: 'down' }, of.isLog);
    expect(failureOf(await log()).class).toBe('transient');
    await once();
  });

  test(cases.refused.title, async () => {
    subject().fake.failNext(of.refused, of.isLog);
    const failure = failureOf(await log());
    expect(failure.class).toBe('permanent');
    expect(failure.message.length).toBeGreaterThan(10);
  });

  test(cases.hangs.title, async () => {
    const crm = subject().impatient(300);
    subject().fake.failNext('hang', of.isLog);
    expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
  });

  test(cases.sessionOver.title, async () => {
    if (of.connector.session === undefined) return;
    done(await subject().crm.test());
    subject().fake.endSessions?.();
    await once();
  });

  test(cases.silence.title, async () => {
    const echo = { status: 500, body: { error: `${password} +14155550123` } };
    for (const fault of [of.refused, of.throttled, echo]) {
      subject().fake.failNext(fault, of.isLog);
      expect(JSON.stringify(failureOf(await log()).toData())).not.toMatch(/pass-4711|4155550123/);
    }
  });
}
