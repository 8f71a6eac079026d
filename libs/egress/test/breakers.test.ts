import { Failure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { describe, expect, it } from 'vitest';
import { type BreakerState, createBreakers, type EgressOutcome } from '../src/index.ts';

const transient = new Failure('transient', 'http_500', '');
const failing: EgressOutcome = { ok: false, failure: transient, durationMs: 1 };
const refusing: EgressOutcome = { ok: false, failure: new Failure('permanent', 'http_400', ''), durationMs: 1 };
const fine: EgressOutcome = { ok: true, status: 200, headers: {}, body: '', durationMs: 1 };

function setUp(openMs: number) {
  const changes: BreakerState[] = [];
  const breakers = createBreakers({
    failures: 3,
    openMs,
    random: () => 0,
    onChange: ({ state }) => changes.push(state),
  });
  const run = (outcome: EgressOutcome, key = 'site-a'): Promise<EgressOutcome> =>
    breakers.execute(key, () => Promise.resolve(outcome));
  const open = async (): Promise<void> => {
    for (let n = 0; n < 3; n += 1) expect(await run(failing)).toBe(failing);
  };
  return { breakers, changes, run, open };
}

describe('breakers', () => {
  it('open after failures in a row, and say when to come back without running anything', async () => {
    const { breakers, run, open, changes } = setUp(60_000);
    await open();
    const before = Date.now();
    const error = await run(fine).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ class: 'throttled', code: 'circuit_open' });
    const retryAt = error instanceof Failure ? (error.retryAt?.getTime() ?? 0) : 0;
    expect(Math.abs(retryAt - before - 60_000)).toBeLessThan(1000);
    expect(changes).toEqual(['open']);
    expect(breakers.states()).toMatchObject([{ key: 'site-a', state: 'open' }]);
  });

  it('keep destinations apart', async () => {
    const { run, open, breakers } = setUp(60_000);
    await open();
    expect(await run(fine, 'site-b')).toBe(fine);
    expect([breakers.state('site-a'), breakers.state('site-b')]).toEqual(['open', 'closed']);
  });

  it('stay closed for a destination that refuses, and for failures that are not in a row', async () => {
    const { run, changes } = setUp(60_000);
    for (let n = 0; n < 10; n += 1) await run(refusing);
    for (let n = 0; n < 10; n += 1) await run(n % 2 === 0 ? failing : refusing);
    expect(changes).toEqual([]);
  });

  it('count what is thrown like what is returned, and pass it on', async () => {
    const { breakers } = setUp(60_000);
    const run = (): Promise<unknown> => breakers.execute('site-a', () => Promise.reject(transient));
    for (let n = 0; n < 3; n += 1) await expect(run()).rejects.toBe(transient);
    await expect(run()).rejects.toMatchObject({ code: 'circuit_open' });
  });

  it('let one request try when the time is over, and close when it succeeds', async () => {
    const { breakers, run, open, changes } = setUp(50);
    await open();
    let release = (_outcome: EgressOutcome): void => {};
    const trial = await eventually(async () => {
      let started = false;
      const result = breakers.execute('site-a', () => {
        started = true;
        return new Promise<EgressOutcome>((resolve) => {
          release = resolve;
        });
      });
      result.catch(() => {});
      await Promise.resolve();
      return started ? { result } : undefined;
    });
    await expect(run(fine)).rejects.toMatchObject({ code: 'circuit_open' });
    release(fine);
    expect(await trial.result).toBe(fine);
    expect(await run(fine)).toBe(fine);
    expect(changes).toEqual(['open', 'half-open', 'closed']);
  });

  it('open again when the trial fails', async () => {
    const { run, open, changes } = setUp(50);
    await open();
    await eventually(() => run(failing));
    await expect(run(fine)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(changes).toEqual(['open', 'half-open', 'open']);
  });

  it.each([
    new Failure('throttled', 'rate_limited', '', { retryAt: new Date() }),
    new Failure('own-trouble', 'redis_unavailable', ''),
  ])(
    'a trial that we did not let out ($code) shows nothing: the breaker stays open, and another is made',
    async (own) => {
      const { run, open, changes } = setUp(50);
      await open();
      const notSent: EgressOutcome = { ok: false, failure: own, durationMs: 1 };
      expect(await eventually(() => run(notSent))).toBe(notSent);
      await expect(run(fine)).rejects.toMatchObject({ code: 'circuit_open' });
      expect(await eventually(() => run(fine))).toBe(fine);
      expect(changes).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
    },
  );

  it('a quota that is used up when a trial is made: all that waits comes back when it begins anew, not every few seconds', async () => {
    const { run, open } = setUp(50);
    await open();
    const retryAt = new Date(Date.now() + 3_600_000);
    const own = new Failure('throttled', 'rate_limited', '', { retryAt });
    await eventually(() => run({ ok: false, failure: own, durationMs: 1 }));
    await expect(run(fine)).rejects.toMatchObject({ code: 'circuit_open', retryAt });
    await eventually(() => run(failing));
    const later = await run(fine).catch((thrown: unknown) => thrown);
    expect(later instanceof Failure && Number(later.retryAt) < Number(retryAt)).toBe(true);
  });

  it('what we did not let out between two failures leaves them in a row', async () => {
    const { breakers, run, changes } = setUp(60_000);
    const own = new Failure('throttled', 'rate_limited', '', { retryAt: new Date() });
    for (let n = 0; n < 2; n += 1) {
      await run(failing);
      await expect(breakers.execute('site-a', () => Promise.reject(own))).rejects.toBe(own);
    }
    await run(failing);
    expect(changes).toEqual(['open']);
  });

  it('a destination that itself asks to wait is alive: its trial closes the breaker', async () => {
    const { run, open, changes } = setUp(50);
    await open();
    const asked = new Failure('throttled', 'http_429', '', { status: 429, retryAt: new Date() });
    await eventually(() => run({ ok: false, failure: asked, durationMs: 1, status: 429 }));
    expect(changes).toEqual(['open', 'half-open', 'closed']);
  });
});
