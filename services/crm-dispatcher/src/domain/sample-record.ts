import {
  type CallRecord,
  type Memorialization,
  type MemorializationSample,
  type MemorializedField,
  parseTemplate,
  placeholdersOf,
} from '@patchcord/contracts';
import { defined } from './defined.ts';

export interface SampleRecordOf {
  readonly tenantId: string;
  readonly sample: MemorializationSample;
  readonly memorialization: Memorialization;
  readonly agent: { readonly agentId: string; readonly name: string };
  /** ms since 1970. */
  readonly now: number;
}

const waitMs = 4000;

/** The record of a conversation that never was: everything that items can tell of it has a value. */
export function sampleRecord(of: SampleRecordOf): CallRecord {
  const { tenantId, sample, agent, now } = of;
  const { direction, outcome, talkSeconds, name, number } = sample;
  const at = (ms: number): string => new Date(ms).toISOString();
  const [answeredMs, isAnswered] = [now - talkSeconds * 1000, outcome === 'answered'];
  const ours = '+12025550100';
  return {
    recordId: 'i-sample',
    channel: 'voice',
    callId: 'c-sample',
    interactionId: 'i-sample',
    tenantId,
    direction,
    outcome,
    ...(direction === 'outbound' ? { ani: ours, dnis: number } : { ani: number, dnis: ours }),
    ...(name === '' ? {} : { callerName: name }),
    campaignId: 'support',
    queue: 'support',
    ...(isAnswered ? { agent, answeredAt: at(answeredMs), talkMs: talkSeconds * 1000, holdMs: 0, acwMs: 10_000 } : {}),
    offeredAt: at(answeredMs - waitMs),
    endedAt: at(now),
    waitMs,
    ringMs: 2000,
    endedBy: 'customer',
    disposition: { optionId: 'sample', name: sample.disposition, ...commentsOf(sample), form: openValues(of, 'form') },
    digits: '42',
    variables: openValues(of, 'var'),
    data: { ...openValues(of, 'ivr', true), ...openValues(of, 'app', true) },
    transfers: [],
    recordings: [recordingFrom(at(answeredMs), at(now))],
    summary: `${name === '' ? number : name} called support and talked with ${agent.name} for ${talkSeconds} s.`,
    ...(sample.channel === 'digital' ? digitalOf(sample) : {}),
  };
}

const commentsOf = ({ comments }: MemorializationSample) =>
  defined({ comments: comments === '' ? undefined : comments });

const recordingFrom = (startedAt: string, endedAt: string): CallRecord['recordings'][number] => ({
  recordingId: 'r-sample',
  legId: 'l-sample',
  location: 'https://pbx.example/rec/sample.wav',
  startedAt,
  endedAt,
});

const digitalOf = ({ name, number }: MemorializationSample): Partial<CallRecord> => ({
  channel: 'digital',
  recordings: [],
  digits: '',
  digital: {
    kind: 'chat',
    contactId: '418204417',
    segmentId: '900771',
    customer: { name, phone: number, email: 'joe@example.com' },
    pointOfContact: 'website-chat',
    endReason: 'closed',
  },
  transcript: `${name}: Hello.\nAgent: How can I help?`,
});

type Namespace = 'form' | 'var' | 'ivr' | 'app';

/** What the mapping names whose names others choose. */
function openValues({ memorialization, sample }: SampleRecordOf, namespace: Namespace, whole = false) {
  const names = namesIn(memorialization).filter((name) => name.startsWith(`${namespace}.`));
  return Object.fromEntries(
    names.map((name) => [whole ? name : name.slice(namespace.length + 1), sample.values[name] ?? 'sample']),
  );
}

function namesIn({ timeline, entities }: Memorialization): string[] {
  const rows = [...(timeline === false ? [] : timeline.fields), ...entities.flatMap(({ fields }) => fields)];
  const texts = timeline === false ? [] : [timeline.subject, timeline.notes];
  return [...new Set([...rows.flatMap(namesOfRow), ...texts.flatMap(namesInText)])];
}

const namesOfRow = ({ item, text }: MemorializedField): string[] => (item === undefined ? namesInText(text) : [item]);

function namesInText(text: string | undefined): string[] {
  const parsed = parseTemplate(text ?? '');
  return parsed.ok ? placeholdersOf(parsed.template).map(({ name }) => name) : [];
}
