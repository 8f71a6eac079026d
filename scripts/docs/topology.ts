import { buckets, queues, rpc, streams } from '@patchcord/contracts';
import { page, spokenDuration, table } from './markdown.ts';

/** Streams, buckets, queues and request subjects. */
export function topologyPage(): string {
  const streamRows = Object.values(streams).map((stream) => [
    `\`${stream.name}\``,
    stream.subjects.map((subject) => `\`${subject}\``).join(', '),
    spokenDuration(stream.maxAgeMs),
    spokenDuration(stream.duplicateWindowMs),
    stream.meaning,
  ]);
  const rpcRows = Object.values(rpc).map(({ service, subject }) => [`\`${subject}\``, service]);
  return page(
    'Topology',
    'libs/contracts/src/names.ts',
    '## JetStream streams',
    table(['stream', 'subjects', 'kept for', 'duplicate window', 'holds'], streamRows),
    '## Key-value buckets',
    table(['bucket', 'keys'], [[`\`${buckets.config}\``, '`<tenant>.<kind>.<id>`']]),
    '## Requests',
    table(['subject', 'answered by (queue group)'], rpcRows),
    '## BullMQ queues',
    table(
      ['queue', 'for'],
      [
        [
          `\`${queues.crmDispatch('tenant', 'destination')}\``,
          'one per tenant and destination: requests and records for a CRM',
        ],
        [`\`${queues.afterCall}\``, 'building the after-call record'],
        [`\`${queues.acwTimer}\``, 'the end of after-call work by time'],
      ],
    ),
  );
}
