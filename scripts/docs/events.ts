import { eventSubject, events } from '@patchcord/contracts';
import { page, table } from './markdown.ts';

/** Every event with its subject, meaning and first example. */
export function eventsPage(): string {
  const definitions = Object.values(events);
  const rows = definitions.map(({ type, meaning }) => [`\`${type}\``, `\`${pattern(type)}\``, meaning]);
  const examples = definitions.map(
    ({ type, examples: [first] }) => `### ${type}\n\n\`\`\`json\n${JSON.stringify(first, null, 2)}\n\`\`\``,
  );
  return page(
    'Events',
    'libs/contracts/src/events',
    'CloudEvents 1.0 in structured JSON, with the extensions `tenantid`, `sequence`, `traceparent`, `correlationid` ' +
      '(the call), `causationid` and `recordedtime`. The machine-readable form is `asyncapi.json`.',
    table(['type', 'subject', 'meaning'], rows),
    '## `data` by example',
    ...examples,
  );
}

const pattern = (type: string): string =>
  eventSubject({ type, tenantid: 'TENANT', subject: 'ID' }).replace('TENANT', '<tenant>').replace('ID', '<id>');
