import { type DispatchJob, dispatchJob } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { answerChanges } from '../src/domain/answer.ts';
import { planOfHappening } from '../src/domain/automations.ts';
import { happeningOfCustom } from '../src/domain/happenings.ts';
import { type AutomationInput, configOf, heardAt, raised } from './automation-scene.ts';

const long = 'x'.repeat(65_000);
const often = '{event.v}'.repeat(500);

type Action = AutomationInput['action'];

function plan(action: Action, values: Record<string, unknown>) {
  const config = configOf({ id: 'a', on: ['custom.order-shipped'], action });
  const startedAt = performance.now();
  const { jobs, notes } = planOfHappening(happeningOfCustom(raised({ values })), { config, heardAt });
  return { job: jobs[0] as DispatchJob, notes, tookMs: performance.now() - startedAt };
}

const mail = (more: { subject?: string; text?: string; html?: string }, v: unknown) => {
  const action = {
    type: 'email',
    server: 'mail',
    to: ['a@b.example'],
    subject: 's',
    text: 'x',
    ...more,
  } satisfies Action;
  const planned = plan(action, { v });
  return { ...planned, mail: planned.job.kind === 'mail' ? planned.job.mail : undefined };
};

describe('work of an automation is bounded, whatever values it is given', () => {
  it.each([
    ['text', { text: often }, long],
    ['HTML', { html: often }, '&'.repeat(65_000)],
    ['links', { text: '{event.v} '.repeat(500) }, 'https://'.repeat(8000)],
    ['subject', { subject: '{event.v}'.repeat(50) }, long],
  ])('%s of a mail - 500 long values once took 40 s in which nobody else was served, and 160 MB', (_what, more, v) => {
    const { job, notes, tookMs } = mail(more, v);
    expect(JSON.stringify(job).length).toBeLessThan(400_000);
    expect(notes.at(-1)?.note).toMatch(/^"event.v" is left out: the values are longer than 262144 characters$/);
    expect(tookMs).toBeLessThan(2000);
  });

  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, often]));
  it.each([
    ['parameters of a request', { type: 'http', url: 'https://x.example/', parameters: many }],
    ['values of an event', { type: 'event', name: 'y', values: many }],
  ] as const)('%s - they once came to 50 MB in Redis', (_what, action) => {
    const { job, notes } = plan(action, { v: long.slice(0, 300) });
    expect(JSON.stringify(job).length).toBeLessThan(400_000);
    expect(notes.some(({ note }) => note.startsWith('"k1" is left out'))).toBe(true);
  });
});

describe('an address that is none', () => {
  const url = 'https://b\u00fccher.example:99999/{event.v}';

  it('is refused when it is saved', () => {
    expect(() => configOf({ id: 'a', action: { type: 'http', url } })).toThrow(
      /expected an http:\/\/ or https:\/\/ URL/,
    );
  });

  it('is dead work - where it was stored before, it once kept all else that the same event sets off from being done', () => {
    const config = configOf({
      id: 'a',
      on: ['custom.order-shipped'],
      action: { type: 'http', url: 'https://x.example/' },
    });
    const [a] = config.automation.values();
    Object.assign(a?.action ?? {}, { url });
    const { jobs } = planOfHappening(happeningOfCustom(raised()), { config, heardAt });
    expect(jobs).toMatchObject([{ kind: 'request', unsendable: { message: 'with these values its URL is none' } }]);
    expect(dispatchJob.safeParse(jobs[0]).error).toBeUndefined();
  });
});

describe('mail in HTML', () => {
  it.each([
    ['<a href={event.v}>x</a>', '<a href=https://e.example%20onclick=alert(1)>x</a>'],
    ['<b class={event.v}>x</b>', '<b class=https://e.example%20onclick=alert(1)>x</b>'],
    ['<a href="{event.v}">x</a>', '<a href="https://e.example%20onclick=alert(1)">x</a>'],
    ['<b>x = y {event.v}</b>', '<b>x = y https://e.example onclick=alert(1)</b>'],
  ])('%s - a value with a blank once began an attribute of its own', (html, expected) => {
    expect(mail({ html }, 'https://e.example onclick=alert(1)').mail?.html).toBe(expected);
  });

  it('a value behind a long one is still a part of the link - after 4096 characters it once could lead elsewhere', () => {
    const link = 'https://shop.example/{event.v}/{event.v} {event.v}';
    const { mail: sent } = mail({ text: link }, `${'x'.repeat(5000)}&a=b`);
    const [address = '', behind] = sent?.text.split(' ') ?? [];
    expect(address.endsWith('%26a%3Db')).toBe(true);
    expect(address).not.toContain('&');
    expect(behind).toMatch(/&a=b$/);
  });
});

describe('the log of an answer', () => {
  it('has a bounded number of lines - 60,000 names once were as many lines', () => {
    const session = Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`k${at}`, 1]));
    const { notes } = answerChanges({ session: 'session' }, JSON.stringify({ session }));
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toBe('and 59980 more are left out');
  });

  it('does not tell what is no name - a CRM that answers by address once wrote addresses into the log', () => {
    const body = JSON.stringify({ session: { 'ann@example.com': 1, evil: 1 } });
    const { notes } = answerChanges({ session: 'session' }, body);
    expect(notes).toEqual([
      expect.stringMatching(/^a name of 15 characters is left out/),
      expect.stringMatching(/^"evil" is left out/),
    ]);
  });
});
