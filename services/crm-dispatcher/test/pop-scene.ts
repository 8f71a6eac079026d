import type { Interaction, ScreenPopNews, Session, SessionChanged } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { changed, newCallId, part } from './call.ts';
import type { Fixture } from './fixture.ts';

const enteredAt = new Date().toISOString();
export const through = (queue: string) => ({ queues: [{ queue, enteredAt }] });
let agents = 0;
export const newAgent = (): string => `90${++agents}`;

export const shown = { trigger: 'automatic', method: 'GET', target: 'embedded' } as const;

export interface Scene {
  readonly callId: string;
  readonly agentId: string;
  readonly popId: string;
  readonly news: readonly ScreenPopNews[];
  /** A change of this agent's part, as the session-store tells it. */
  readonly change: (
    event: Parameters<typeof changed>[1],
    of: Partial<Interaction>,
    more?: Partial<Session> & { at?: string },
  ) => SessionChanged;
}

/** A call of a queue whose campaign shows a site, and an agent of his own. */
export async function scene(fixture: Fixture, site: string, cause = 'answered'): Promise<Scene> {
  const callId = newCallId();
  const agentId = newAgent();
  let version = 0;
  return {
    callId,
    agentId,
    popId: `w.${callId}.site-${site}.${cause}.i-${callId}`,
    news: await fixture.watch(agentId),
    change: (event, of, more = {}) =>
      changed(callId, event, {
        ...through(site),
        version: ++version,
        interactions: [part(callId, { agent: { agentId, name: 'Ann' }, ...of })],
        ...more,
      }),
  };
}

export const offeredIds = (news: readonly ScreenPopNews[]): string[] =>
  news.flatMap((each) => (each.news === 'offered' ? [each.pop.popId] : []));
export const withdrawn = (news: readonly ScreenPopNews[]) => news.filter((each) => each.news === 'withdrawn');

/** Whether all that was published before has been handled: another call's pop has come. */
export async function settled(fixture: Fixture, site: string): Promise<void> {
  const probe = await scene(fixture, site);
  const at = new Date().toISOString();
  await fixture.publish(probe.change('answered', { answeredAt: at }, { at }));
  await eventually(() => probe.news.length === 1);
}
