import { eventSubject, events } from '@patchcord/contracts';
import { z } from 'zod';

interface Api {
  readonly channels: Record<string, unknown>;
  readonly operations: Record<string, unknown>;
  readonly messages: Record<string, unknown>;
  readonly schemas: Record<string, unknown>;
}

/** AsyncAPI 3.0 of all events (https://www.asyncapi.com/docs/reference/specification/v3.0.0). */
export function asyncApi(): unknown {
  const api: Api = { channels: {}, operations: {}, messages: {}, schemas: {} };
  for (const [name, definition] of Object.entries(events)) addEvent(api, name, definition);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Patchcord events',
      version: '1',
      description: 'What happens to calls, agents and deliveries, as CloudEvents 1.0 on NATS JetStream.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: api.channels,
    operations: api.operations,
    components: { messages: api.messages, schemas: api.schemas },
  };
}

function addEvent(api: Api, name: string, definition: (typeof events)[keyof typeof events]): void {
  const { type, meaning, schema, examples } = definition;
  const { $schema: _draft, ...payload } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  api.schemas[name] = payload;
  api.messages[name] = {
    name: type,
    summary: meaning,
    contentType: 'application/cloudevents+json',
    payload: { $ref: `#/components/schemas/${name}` },
    examples: examples.map((data) => ({ payload: { data } })),
  };
  api.channels[name] = {
    address: eventSubject({ type, tenantid: 'TENANT', subject: 'ID' })
      .replace('TENANT', '{tenant}')
      .replace('ID', '{id}'),
    parameters: { tenant: {}, id: {} },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
  api.operations[name] = { action: 'receive', channel: { $ref: `#/channels/${name}` }, summary: meaning };
}
