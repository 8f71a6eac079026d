import type { Entry } from './story.ts';

export type BarKind = 'ivr' | 'queue' | 'ringing' | 'talking' | 'hold' | 'decision' | 'workflow' | 'sent' | 'failed';

/** A stretch of time, in ms since 1970. */
interface Bar {
  readonly kind: BarKind;
  readonly from: number;
  readonly to: number;
}

/** What happened beside each other: a row of the picture. */
export interface Row {
  /** What it is about: an agent, a queue, a destination. */
  readonly label: string;
  readonly bars: readonly Bar[];
}

type Told = Extract<Entry, { kind: 'event' }>;
type Data = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const agentOf = ({ agent }: Data): string => {
  const { name, agentId } = (agent ?? {}) as { name?: unknown; agentId?: unknown };
  return text(name) || text(agentId);
};

/** What begins a stretch, whose it is, and what ends it. */
const stretches: readonly {
  readonly kind: BarKind;
  readonly begins: string;
  readonly ends: readonly string[];
  readonly label: (data: Data) => string;
  /** Ends are of the same one by this. */
  readonly by?: string;
}[] = [
  { kind: 'ivr', begins: 'call.ivr-entered', ends: ['call.queued', 'call.answered'], label: () => 'IVR' },
  { kind: 'queue', begins: 'call.queued', ends: ['call.dequeued'], label: ({ queue }) => text(queue), by: 'queue' },
  {
    kind: 'ringing',
    begins: 'call.agent-ringing',
    ends: ['call.answered', 'call.agent-missed', 'call.agent-released'],
    label: agentOf,
    by: 'legId',
  },
  { kind: 'talking', begins: 'call.answered', ends: ['call.agent-released'], label: agentOf, by: 'legId' },
  { kind: 'hold', begins: 'call.held', ends: ['call.resumed', 'call.agent-released'], label: agentOf, by: 'legId' },
];

/** The call as stretches of time: who waited, rang and talked, what was asked of others, and how long that took. */
export function rowsOf(entries: readonly Entry[], now: number): Row[] {
  const events = entries.filter((entry): entry is Told => entry.kind === 'event');
  const over = events.find(({ name }) => name === 'call.ended');
  const end = over === undefined ? now : Date.parse(over.at);
  const ofCall = stretches.flatMap((stretch) =>
    events.flatMap((event, at) => {
      if (event.name !== stretch.begins) return [];
      const ended = events.slice(at + 1).find((later) => isEnd(later, event, stretch));
      const to = ended === undefined ? end : Date.parse(ended.at);
      return [{ label: stretch.label(event.data), bar: { kind: stretch.kind, from: Date.parse(event.at), to } }];
    }),
  );
  return [...together(ofCall), ...together(entries.flatMap(askedOf)), ...together(entries.flatMap(sentOf))];
}

const isEnd = (later: Told, { data }: Told, { ends, by }: (typeof stretches)[number]): boolean =>
  ends.includes(later.name) && (by === undefined || later.data[by] === data[by]);

interface Labelled {
  readonly label: string;
  readonly bar: Bar;
}

const together = (all: readonly Labelled[]): Row[] =>
  [...Map.groupBy(all, ({ label }) => label)].map(([label, of]) => ({ label, bars: of.map(({ bar }) => bar) }));

/** They are told when they are over. */
function askedOf(entry: Entry): Labelled[] {
  if (entry.kind !== 'decision' && entry.kind !== 'workflow') return [];
  const durationMs = entry.kind === 'decision' ? entry.decision.durationMs : entry.durationMs;
  const to = Date.parse(entry.at);
  const label = entry.kind === 'decision' ? entry.ruleId : entry.workflowId;
  return [{ label, bar: { kind: entry.kind, from: to - (durationMs ?? 0), to } }];
}

function sentOf(entry: Entry): Labelled[] {
  if (entry.kind !== 'delivery') return [];
  const { destination, attempts } = entry.delivery;
  return attempts.map(({ startedAt, durationMs, failure }) => {
    const from = Date.parse(startedAt);
    const kind = failure === undefined ? 'sent' : 'failed';
    return { label: `${destination.kind}-${destination.id}`, bar: { kind, from, to: from + durationMs } };
  });
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the first event to the last bar; and the call alone, with a moment after it. */
export function spansOf(entries: readonly Entry[], rows: readonly Row[], now: number): { all: Span; call: Span } {
  const events = entries.filter(({ kind }) => kind === 'event');
  const from = Math.min(...events.map(({ at }) => Date.parse(at)), now);
  const over = entries.find((entry) => entry.kind === 'event' && entry.name === 'call.ended');
  const end = over === undefined ? now : Date.parse(over.at);
  const last = Math.max(end, ...rows.flatMap(({ bars }) => bars.map(({ to }) => to)));
  const margin = Math.max(1000, (end - from) * 0.25);
  return {
    all: { from, to: Math.max(last, from + 1) },
    call: { from, to: Math.min(Math.max(last, from + 1), end + margin) },
  };
}
