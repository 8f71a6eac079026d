/** What an item is: how a CRM's field has to take it. A text always does. */
type DataItemType = 'text' | 'number' | 'datetime' | 'url' | 'list' | 'any';

/** Something that is known of a conversation when it is over, as mappings name it. */
export interface DataItem {
  readonly name: string;
  readonly meaning: string;
  readonly type: DataItemType;
  /** Where it can have a value. */
  readonly channel: 'voice' | 'digital' | 'both';
  readonly example: string | number | readonly string[];
}

type Row = readonly [name: string, meaning: string, example: DataItem['example'], type?: DataItemType];

const items = (channel: DataItem['channel'], rows: readonly Row[]): DataItem[] =>
  rows.map(([name, meaning, example, type = 'text']) => ({ name, meaning, type, channel, example }));

const ids = items('both', [
  ['record.id', 'id of what is written: the key under which the CRM holds it', 'i-lab-1795218083_2E1609'],
  ['call.id', 'our id of the call or of the digital contact', 'c-lab-1795218080_2E1608'],
  ['interaction.id', "id of the agent's part", 'i-lab-1795218083_2E1609'],
  ['campaign.id', 'id of the campaign', 'support'],
  ['tenant.id', 'id of the tenant', 'acme'],
]);

const course = items('both', [
  ['call.channel', '`voice` or `digital`', 'voice'],
  ['call.direction', '`inbound`, `outbound` or `internal`', 'inbound'],
  ['call.outcome', '`answered` `abandoned` `missed` `failed`', 'answered'],
  ['call.endedBy', '`agent` `customer` `transfer` `system` `unknown`', 'customer'],
  ['call.queue', 'the queue', 'support'],
  ['customer.number', 'the number at the other end: of whoever called or was called', '+14155550123'],
  ['customer.name', 'the name of the customer, as the PBX or the platform knows it', 'José'],
  ['call.offeredAt', 'when it began', '2026-11-20T23:41:21.100Z', 'datetime'],
  ['call.answeredAt', 'when the agent took it', '2026-11-20T23:41:25.200Z', 'datetime'],
  ['call.endedAt', "when the agent's part ended", '2026-11-20T23:42:26.000Z', 'datetime'],
]);

const voice = items('voice', [
  ['call.ani', "the caller's number as the PBX said it", '+14155550123'],
  ['call.dnis', 'the number dialled as the PBX said it', '+12025550100'],
  ['call.digits', 'all digits that the caller pressed in IVRs', '42'],
]);

const digital = items('digital', [
  ['digital.kind', '`chat` `sms` `email` `social` `messaging`', 'chat'],
  ['digital.contactId', 'the conversation, as its platform calls it', '418204417'],
  ['digital.segmentId', "the agent's part of it, as the platform calls it", '900771'],
  ['digital.pointOfContact', 'where the customer wrote to', 'website-chat'],
  ['digital.endReason', '`transferred` `dismissed` `closed`', 'closed'],
  ['customer.email', 'the mail address of the customer', 'ada@example.com'],
  ['customer.handle', 'his name in a messenger or a social network', '@ada'],
  ['transcript', 'what was written', 'Ada: Hello. Ann: How can I help?'],
]);

const durations = (name: string, meaning: string, channel: DataItem['channel']): DataItem[] =>
  items(channel, [
    [`${name}.ms`, `${meaning} (ms)`, 61_000, 'number'],
    [`${name}.seconds`, `${meaning} (s)`, 61, 'number'],
    [`${name}.clock`, `${meaning} (hh:mm:ss)`, '00:01:01'],
  ]);

const times = [
  ...durations('wait', 'time in queues', 'both'),
  ...durations('ring', "time that the agent's telephone rang", 'voice'),
  ...durations('talk', 'answer to end, holds included', 'both'),
  ...durations('hold', 'time on hold', 'voice'),
  ...durations('acw', 'after-call work', 'both'),
  ...durations('handle', 'talk and after-call work together', 'both'),
  ...durations('total', 'from when it began to its end', 'both'),
];

const people = items('both', [
  ['agent.id', 'the agent', '1001'],
  ['agent.name', 'his name', 'Ann'],
  ['agent.crmUserId', "his id in this CRM, by its connection's `agentSystem`", '0055g000001abcd'],
  ['disposition.id', 'the disposition that the agent chose', 'solved'],
  ['disposition.name', 'its name', 'Solved'],
  ['disposition.comments', 'what the agent wrote', 'Sends the order again.'],
  ['notes', 'what the agent wrote, and below it what happened', 'Sends the order again.'],
  ['summary', 'what happened, as a person would tell it', 'Ada called support …'],
  ['form', 'the filled-in form as JSON', '{"order":"4711"}'],
  ['transfers.count', 'how many times it was transferred', 1, 'number'],
  ['transfers', 'to whom, one after the other', ['attended to 1002'], 'list'],
  ['variables', 'all variables of the call: `NAME=value|NAME=value`', 'OPTION=2|LANG=en'],
  ['story.link', 'where the story of the call is read', 'https://calls.example.com/#/calls/c-1', 'url'],
]);

const recording = [
  ...items('voice', [
    ['recording.url', 'where the recording can be opened', 'https://pbx.example/rec/a.wav', 'url'],
    ['recording.file', 'the name of its file', 'a.wav'],
    ['recording.id', 'its id', 'r-lab-1'],
  ]),
  ...durations('recording', 'its length', 'voice'),
];

/** Every item but those whose names others choose; see {@link openItems}. */
export const dataItems: readonly DataItem[] = [ids, course, voice, digital, times, people, recording].flat();

/** Items whose names others choose: the rest of the name is theirs. */
export const openItems: readonly DataItem[] = items('both', [
  ['form.*', 'a field of the filled-in form', '4711', 'any'],
  ['ivr.*', 'what was written into the session from outside', 'gold', 'any'],
  ['app.*', 'what our own flows wrote into the session', 'high', 'any'],
  ['var.*', "a variable of the PBX's dialplan", 'en'],
]);

const known: ReadonlyMap<string, DataItem> = new Map(dataItems.map((item) => [item.name, item]));

/** The item of this name; undefined: there is none. */
export function dataItemOf(name: string): DataItem | undefined {
  const exact = known.get(name);
  if (exact !== undefined) return exact;
  return openItems.find((open) => name.length >= open.name.length && name.startsWith(open.name.slice(0, -1)));
}
