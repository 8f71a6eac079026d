import { type Identification, identification } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { conclude, judge, type ServiceAnswer } from '../src/domain/identification.ts';

const queue = (target: string) => ({ type: 'queue', target }) as const;
const node = (more: object = {}): Identification =>
  identification.parse({
    id: 'customer',
    name: 'Customer',
    kind: 'none',
    prompt: 'enter-your-id',
    idLength: 4,
    attempts: 3,
    onSuccess: queue('known'),
    onFailure: queue('unknown'),
    ...more,
  });
const asking = (more: object = {}): Identification =>
  node({ kind: 'destination', url: 'https://crm.example.com/id', ...more });

describe('attempts', () => {
  it('the first question comes before any attempt, with what the PBX needs to collect digits', () => {
    expect(judge(node({ inputTimeoutMs: 7000 }), { attempt: 0, digits: '' })).toEqual({
      next: 'ask',
      prompt: 'enter-your-id',
      timeoutMs: 7000,
      maxDigits: 4,
      attempt: 1,
    });
  });

  it.each(['', '1', '123', '12345'])(
    '%j is no id of 4 digits: asked again until the attempts are used up',
    (digits) => {
      expect(judge(node(), { attempt: 1, digits })).toMatchObject({ next: 'ask', attempt: 2 });
      expect(judge(node(), { attempt: 2, digits })).toMatchObject({ next: 'ask', attempt: 3 });
      expect(judge(node(), { attempt: 3, digits })).toMatchObject({
        next: 'go',
        outcome: 'failure',
        destination: queue('unknown'),
      });
    },
  );

  it('attempts include the first: one attempt is never repeated', () => {
    expect(judge(node({ attempts: 1 }), { attempt: 1, digits: '' })).toMatchObject({ next: 'go', outcome: 'failure' });
  });

  it('a number beyond the last attempt does not ask for ever', () => {
    expect(judge(node(), { attempt: 9, digits: '12' })).toMatchObject({ next: 'go', outcome: 'failure' });
  });

  it('without a length any number up to 30 digits is an id', () => {
    const any = node({ idLength: undefined });
    expect(judge(any, { attempt: 0, digits: '' })).toMatchObject({ maxDigits: 30 });
    expect(judge(any, { attempt: 1, digits: '7' })).toMatchObject({ outcome: 'success', identifiedAs: '7' });
    expect(judge(any, { attempt: 1, digits: '7'.repeat(30) })).toMatchObject({ outcome: 'success' });
    expect(judge(any, { attempt: 3, digits: '7'.repeat(31) })).toMatchObject({ outcome: 'failure' });
  });

  it('the reason tells nothing of what was entered', () => {
    expect(JSON.stringify(judge(node(), { attempt: 3, digits: '98765' }))).not.toContain('98765');
  });
});

describe('kinds', () => {
  it('none - the right length is enough', () => {
    expect(judge(node(), { attempt: 2, digits: '4711' })).toMatchObject({
      next: 'go',
      outcome: 'success',
      destination: queue('known'),
      identifiedAs: '4711',
    });
  });

  it('the others ask the service', () => {
    expect(judge(asking(), { attempt: 1, digits: '4711' })).toEqual({ next: 'verify' });
    expect(judge(asking({ kind: 'true-false' }), { attempt: 1, digits: '4711' })).toEqual({ next: 'verify' });
  });
});

const ok = (destination: string): ServiceAnswer => ({ outcome: 'answered', status: 'ok', destination });
const destinations = [
  { type: 1, id: '3', goTo: queue('gold') },
  { type: 1, id: '4', goTo: queue('bronze') },
  { type: 5, id: '1', goTo: { type: 'hangup' } },
];

describe('what the service says', () => {
  it.each([
    ['true', 'success', 'known'],
    [' TRUE ', 'success', 'known'],
    ['false', 'failure', 'unknown'],
    ['1,3', 'failure', 'unknown'],
    ['', 'failure', 'unknown'],
    ['yes', 'failure', 'unknown'],
  ])('true-false - %j is %s', (said, outcome, target) => {
    const step = conclude(asking({ kind: 'true-false', destinations }), '4711', ok(said));
    expect(step).toMatchObject({ outcome, destination: queue(target) });
    expect(step.identifiedAs).toBe(outcome === 'success' ? '4711' : undefined);
  });

  it.each([
    ['1,3', 'success', 'gold'],
    [' 1 , 4 ', 'success', 'bronze'],
    ['5,1', 'success', ''],
    ['true', 'success', 'known'],
    ['false', 'failure', 'unknown'],
    ['1,5', 'failure', 'unknown'],
    ['2,3', 'failure', 'unknown'],
    ['1', 'failure', 'unknown'],
    ['1,', 'failure', 'unknown'],
    [',3', 'failure', 'unknown'],
    ['campaign,3', 'failure', 'unknown'],
    ['1,3\r\nSet: x', 'failure', 'unknown'],
  ])('destination - %j is %s, by what the node lists and nothing else', (said, outcome, target) => {
    const step = conclude(asking({ destinations }), '4711', ok(said));
    expect(step).toMatchObject({ outcome, destination: { target } });
    expect(step.reason).not.toBe('');
    expect(step.reason).not.toContain('4711');
  });

  it('an unknown type and an unknown id are told apart', () => {
    expect(conclude(asking({ destinations }), '1', ok('2,3')).reason).toContain('no type 2');
    expect(conclude(asking({ destinations }), '1', ok('1,9')).reason).toContain('no id "9" of the type 1');
  });

  it('the status fail and a service that is not there go to the failure destination', () => {
    const failing: ServiceAnswer[] = [
      { outcome: 'answered', status: 'fail', destination: 'true' },
      { outcome: 'answered', status: 'fail', destination: '1,3' },
      { outcome: 'failed', reason: `timeout: ${'x'.repeat(2000)}` },
    ];
    for (const answer of failing) {
      const step = conclude(asking({ destinations }), '4711', answer);
      expect(step).toMatchObject({ outcome: 'failure', destination: queue('unknown') });
      expect(step.reason.length).toBeLessThanOrEqual(512);
    }
  });
});
