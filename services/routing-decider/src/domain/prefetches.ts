import {
  askedInputs,
  dialledDigits,
  type LookupReply,
  type RoutingInput,
  type RoutingRule,
} from '@patchcord/contracts';
import type { PrefetchedCall, PrefetchNews } from './prefetch-news.ts';

/** A lookup that was begun before anybody asked. */
export interface Prefetch {
  /** Present when the answer is there. */
  readonly reply: LookupReply | undefined;
  /** Resolves with the answer, or with undefined when there will be none. Not at all when he who asks is gone. */
  readonly answer: Promise<LookupReply | undefined>;
  /** What was not told until then is not to be expected any more; by the clock of `now`. */
  readonly until: number;
}

export interface Question {
  readonly tenantId: string;
  readonly ruleId: string;
  readonly input: RoutingInput;
}

/** What this replica knows of lookups that any replica began for a call, each for as long as its rule says. */
export interface Prefetches {
  /** The same news may come twice, and late. `rule`: as it is now. */
  readonly hear: (rule: RoutingRule, news: PrefetchNews) => void;
  /** Whether this call needs no lookup beforehand any more: it has, or had, one with these numbers. */
  readonly knows: (rule: RoutingRule, call: PrefetchedCall) => boolean;
  /** What answers the question, or will: begun by the rule as it is, for the same call, with what the question says. */
  readonly find: (rule: RoutingRule, question: Question) => Prefetch | undefined;
}

interface Entry extends Prefetch {
  readonly resolve: (reply: LookupReply | undefined) => void;
  readonly rule: RoutingRule;
  readonly call: PrefetchedCall;
  state: PrefetchNews['state'];
  reply: LookupReply | undefined;
  until: number;
}

/** How long news may be under way beyond the time that the lookup has (ms). */
const newsMs = 100;

export interface PrefetchesOptions {
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** How many names of calls are kept; a call has two where its numbers are sent to the CRM. */
  readonly most?: number;
}

export function createPrefetches({ now, most = 10_000 }: PrefetchesOptions): Prefetches {
  const entries = createEntries({ now, most });
  const begin = (rule: RoutingRule, call: PrefetchedCall, state: Entry['state']): Entry => {
    const until = now() + rule.prefetch.keepMs;
    const { promise, resolve } = Promise.withResolvers<LookupReply | undefined>();
    const entry: Entry = { rule, call, state, until, reply: undefined, answer: promise, resolve };
    for (const name of namesOf(rule, call, state)) entries.set(name, entry);
    return entry;
  };
  const entryOf = (rule: RoutingRule, call: PrefetchedCall): Entry | undefined => {
    const entry = entries.get(nameOfCall(call));
    return entry?.rule === rule ? entry : undefined;
  };
  /** A PBX may tell a call again with other numbers: then it is another question. */
  const currentOf = (rule: RoutingRule, call: PrefetchedCall): Entry | undefined => {
    const entry = entryOf(rule, call);
    return entry?.state === 'asked' || (entry !== undefined && sameNumbers(entry.call, call)) ? entry : undefined;
  };
  return {
    hear(rule, news) {
      const known = currentOf(rule, news);
      switch (news.state) {
        case 'under-way':
          if (known === undefined) begin(rule, news, 'under-way').until = now() + news.forMs + newsMs;
          return;
        case 'answered':
          if (known?.state === 'answered') return;
          return answer(known?.state === 'under-way' ? known : begin(rule, news, 'under-way'), news.reply, now());
        case 'failed':
          if (known === undefined) begin(rule, news, 'failed');
          return known?.state === 'under-way' ? fail(known, now()) : undefined;
        case 'asked':
          if (entryOf(rule, news) === undefined) begin(rule, news, 'asked');
      }
    },
    knows: (rule, call) => currentOf(rule, call) !== undefined,
    find(rule, { tenantId, ruleId, input }) {
      const name = nameOfQuestion(rule, { tenantId, ruleId, input });
      const entry = name === undefined ? undefined : entries.get(name);
      const usable = entry?.rule === rule && (entry.state === 'answered' || entry.state === 'under-way');
      return usable && agrees(entry.call, input) ? entry : undefined;
    },
  };
}

function answer(entry: Entry, reply: LookupReply, at: number): void {
  entry.state = 'answered';
  entry.reply = reply;
  entry.until = at + entry.rule.prefetch.keepMs;
  entry.resolve(reply);
}

function fail(entry: Entry, at: number): void {
  entry.state = 'failed';
  entry.until = at + entry.rule.prefetch.keepMs;
  entry.resolve(undefined);
}

/** The oldest of too many, and those whose time is over, are forgotten. */
function createEntries({ now, most }: Required<PrefetchesOptions>) {
  const kept = new Map<string, Entry>();
  const forgetOld = (): void => {
    for (const [name, { until }] of kept) {
      if (until > now() && kept.size <= most) return;
      kept.delete(name);
    }
  };
  return {
    get(name: string): Entry | undefined {
      const entry = kept.get(name);
      return entry === undefined || entry.until <= now() ? undefined : entry;
    },
    set(name: string, entry: Entry): void {
      kept.delete(name);
      kept.set(name, entry);
      forgetOld();
    },
  };
}

const nameOfCall = ({ tenantId, ruleId, callId }: PrefetchedCall): string =>
  JSON.stringify(['call', tenantId, ruleId, callId]);

/** Where both numbers are sent they make the question: a dialplan that cannot name its call is known by them. */
function namesOf(rule: RoutingRule, call: PrefetchedCall, state: Entry['state']): string[] {
  const named = state === 'under-way' && tellsCaller(rule);
  return [nameOfCall(call), ...(named ? nameOfNumbers(call) : [])];
}

/** Where the CRM is not told who calls, nothing but the id tells one call's question from another's. */
const tellsCaller = (rule: RoutingRule): boolean => rule.send === 'full' || askedInputs(rule).has('ani');

function nameOfQuestion(rule: RoutingRule, question: Question): string | undefined {
  const { tenantId, ruleId, input } = question;
  const { callId, dtmf } = input;
  if (dtmf !== undefined) return undefined;
  if (callId !== undefined) return nameOfCall({ tenantId, ruleId, callId });
  return tellsCaller(rule) ? nameOfNumbers({ tenantId, ruleId, ...input }).at(0) : undefined;
}

function nameOfNumbers({ tenantId, ruleId, ani, dnis }: Omit<PrefetchedCall, 'callId'>): string[] {
  const numbers = [comparable(ani), comparable(dnis)];
  return numbers.includes('') ? [] : [JSON.stringify(['numbers', tenantId, ruleId, ...numbers])];
}

type Numbers = Pick<RoutingInput, 'ani' | 'dnis'>;

const sameNumbers = (one: Numbers, other: Numbers): boolean =>
  comparable(one.ani) === comparable(other.ani) && comparable(one.dnis) === comparable(other.dnis);

/** What a question does not say is as the PBX told it. */
const agrees = (told: Numbers, asked: Numbers): boolean =>
  sameNumbers(told, { ani: asked.ani ?? told.ani, dnis: asked.dnis ?? told.dnis });

/** With or without a plus it is one number; a name in its place counts as it stands, with all of its letters. */
const comparable = (number = ''): string =>
  /^[+\d\s().\-/*#]*[\d*#][+\d\s().\-/*#]*$/.test(number) ? dialledDigits(number) : number.trim().toLowerCase();
