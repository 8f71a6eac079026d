import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

export interface Target {
  /** Takes `POST /v1/events`. */
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Events of one request when sending as fast as possible. Default 1. */
  readonly batch?: number;
}

const nowMs = (): number => performance.timeOrigin + performance.now();
let serial = 0;

/** A call.offered event; its caller number is the time at which it was due (ms), for the sink to measure by. */
function offered(dueMs: number): unknown {
  serial += 1;
  const id = `bench-${process.pid}-${serial}`;
  // Two events may be due at the same time: the serial in the last digits tells them apart.
  const ani = `${dueMs.toFixed(3)}${String(serial % 10_000).padStart(4, '0')}`;
  return {
    specversion: '1.0',
    id,
    source: '/pbx/bench',
    type: 'patchcord.v1.call.offered',
    subject: `c-${id}`,
    time: new Date(dueMs).toISOString(),
    sequence: '1',
    data: { direction: 'inbound', ani, dnis: '+12025550100', legId: `l-${id}`, pbxId: 'bench' },
  };
}

async function post(target: Target, agent: Agent, body: unknown): Promise<void> {
  const answer = await request(`${target.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...target.headers },
    body: JSON.stringify(body),
    dispatcher: agent,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`the target answered ${answer.statusCode}: ${text.slice(0, 300)}`);
}

/** As fast as the target takes them: `count` events over `connections` connections. */
export async function sendAll(target: Target, count: number, connections: number): Promise<void> {
  const agent = new Agent({ connections });
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(target.batch ?? 1, left);
      left -= size;
      const events = Array.from({ length: size }, () => offered(nowMs()));
      await post(target, agent, size === 1 ? events[0] : events);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  await agent.close();
}

/**
 * Open loop: `perSecond` events a second are due at fixed times whatever the target does. A late send does not move the
 * time from which it is measured, so waiting counts (no coordinated omission).
 */
export async function sendAtRate(target: Target, perSecond: number, forMs: number): Promise<number> {
  const agent = new Agent({ connections: 64 });
  const total = Math.round((perSecond * forMs) / 1000);
  const start = nowMs() + 50;
  const pending = new Set<Promise<void>>();
  for (let sent = 0; sent < total; ) {
    const due = start + (sent * 1000) / perSecond;
    const wait = due - nowMs();
    if (wait > 1) await sleep(wait);
    const sending: Promise<void> = post(target, agent, offered(due)).finally(() => pending.delete(sending));
    pending.add(sending);
    sent += 1;
  }
  await Promise.all(pending);
  await agent.close();
  return total;
}
