import type { Bus } from '@patchcord/bus';
import { parseEvent, parseJson, type RoutingRule, subjects } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import { type PrefetchNews, prefetchNews } from '../domain/prefetch-news.ts';
import type { Prefetches } from '../domain/prefetches.ts';
import { ruleDigest } from '../domain/rule-digest.ts';
import type { OfferedCall, Told } from '../usecases/prefetch.ts';

const what = 'prefetch';

export interface TellPrefetchesOptions {
  readonly bus: Bus;
  readonly service: string;
  readonly prefetches: Pick<Prefetches, 'hear'>;
}

/** Tells this replica at once, and the others over core NATS: what is lost on the way costs a second question. */
export const createTellPrefetches =
  ({ bus, service, prefetches }: TellPrefetchesOptions) =>
  (rule: RoutingRule, told: Told): void => {
    const news: PrefetchNews = { ...told, rule: ruleDigest(rule) };
    prefetches.hear(rule, news);
    // A service that stops closes its connection while callers are still answered.
    if (bus.nc.isClosed() || bus.nc.isDraining()) return;
    bus.nc.publish(subjects.news(news.tenantId, service, what), JSON.stringify(news));
  };

export interface PrefetchPartOptions extends TellPrefetchesOptions {
  readonly ruleOf: (tenantId: string, ruleId: string) => RoutingRule | undefined;
  readonly onOffered: (call: OfferedCall) => void;
  readonly stop: () => void;
}

/** Hears of calls, each in one replica, and of lookups, in all of them. */
export function prefetchPart({ bus, service, prefetches, ruleOf, onOffered, stop }: PrefetchPartOptions): Part {
  const hear = (text: string): void => {
    const { data: news } = prefetchNews.safeParse(parseJson(text));
    const rule = news === undefined ? undefined : ruleOf(news.tenantId, news.ruleId);
    if (news === undefined || rule === undefined || !rule.prefetch.enabled) return;
    if (ruleDigest(rule) === news.rule) prefetches.hear(rule, news);
  };
  const offered = (text: string): void => {
    const call = offeredCall(text);
    if (call !== undefined) onOffered(call);
  };
  let end = (): void => undefined;
  return {
    name: 'prefetches',
    start: async () => {
      const heard = bus.nc.subscribe(subjects.newsOf(service, what), {
        callback: (error, message) => {
          if (error === null) hear(message.string());
        },
      });
      const calls = bus.nc.subscribe(subjects.eventsNamed(undefined, 'call', 'offered'), {
        queue: service,
        callback: (error, message) => {
          if (error === null) offered(message.string());
        },
      });
      end = () => {
        calls.unsubscribe();
        stop();
        heard.unsubscribe();
      };
      await bus.nc.flush();
    },
    stop: async () => end(),
  };
}

function offeredCall(text: string): OfferedCall | undefined {
  const parsed = parseEvent(parseJson(text));
  if (!parsed.ok || parsed.event.type !== 'patchcord.v1.call.offered') return undefined;
  const { tenantid: tenantId, subject: callId, time, data } = parsed.event;
  const { direction, ani, dnis } = data;
  return { tenantId, callId, direction, ani, dnis, at: Date.parse(time) };
}
