import { digitalEvents } from '@patchcord/contracts';

interface Told {
  readonly name: keyof typeof digitalEvents;
  readonly data: object;
}

/** Events of a digital contact as its platform sends them, a second apart. */
export function digitalContactEvents(contactId: string, told: readonly Told[]): object[] {
  const start = Date.now() - told.length * 1000;
  return told.map(({ name, data }, at) => ({
    specversion: '1.0',
    id: `${contactId}-${at}`,
    source: '/digital/lab',
    type: digitalEvents[name].type,
    subject: contactId,
    time: new Date(start + at * 1000).toISOString(),
    data,
  }));
}

const [ana, bob] = [
  { agentId: '1001', name: 'Ana' },
  { agentId: '1002', name: 'Bob' },
];

/** A chat that one agent hands on to another, who closes it. */
export const handedOnChat = (contactId: string): object[] =>
  digitalContactEvents(contactId, [
    {
      name: 'digitalOpened',
      data: {
        kind: 'chat',
        customer: { name: 'Cora', phone: '+14155550123' },
        pointOfContact: 'shop',
        queue: 'support',
      },
    },
    { name: 'digitalAssigned', data: { segmentId: '1', agent: ana } },
    { name: 'digitalTranscriptRecorded', data: { text: 'Cora: Where is my parcel?' } },
    { name: 'digitalTransferred', data: { segmentId: '1', to: { agent: bob } } },
    { name: 'digitalAssigned', data: { segmentId: '2', agent: bob } },
    { name: 'digitalClosed', data: { by: 'agent' } },
  ]);
