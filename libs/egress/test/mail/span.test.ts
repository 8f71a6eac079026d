import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailFixture, mailFixture } from './fixture.ts';

const exporter = new InMemorySpanExporter();
let mail: MailFixture;
beforeAll(() => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  mail = mailFixture();
});
afterAll(async () => {
  await mail.stop();
  trace.disable();
});

it('mail - a message is a span of the client that tells the server and the outcome, nobody’s address', async () => {
  const server = await mail.server({ behaviour: { at: 'recipient', answer: 550, recipients: ['gone@example.com'] } });
  await mail.send({ cc: ['gone@example.com'] });
  await mail.send({ to: ['gone@example.com'] });
  const [sent, failed] = exporter.getFinishedSpans();
  expect(sent).toMatchObject({
    name: 'send mail',
    kind: SpanKind.CLIENT,
    attributes: {
      'network.protocol.name': 'smtp',
      'server.address': '127.0.0.1',
      'server.port': server.port,
      'patchcord.mail.accepted': 1,
      'patchcord.mail.refused': 1,
    },
  });
  expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'smtp_550' });
  expect(failed?.attributes['error.type']).toBe('smtp_550');
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, status, events }) => [name, attributes, status, events]);
  expect(JSON.stringify(spans)).not.toMatch(/example|order/i);
});
