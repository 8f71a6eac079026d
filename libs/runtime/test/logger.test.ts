import { Writable } from 'node:stream';
import { context, trace } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { createLogger, type Logger, startTelemetry } from '../src/index.ts';

function captured(level = 'info'): { log: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const text = (): string => chunks.join('');
  return {
    log: createLogger({ service: 'test', level, destination }),
    text,
    lines: () =>
      text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

test('logger - a line carries service, ISO time and the level by name', () => {
  const { log, lines } = captured();
  log.info({ attempt: 2 }, 'attempt made');
  expect(lines()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      service: 'test',
      attempt: 2,
      msg: 'attempt made',
    },
  ]);
});

test('logger - personal data and secrets are redacted, however deep they stand', () => {
  const { log, text } = captured();
  log.info({
    ani: '+14155550123',
    call: { dnis: '+14155550123', session: { callerName: 'Jane Roe', more: { token: 'pc_acme_x' } } },
    err: Object.assign(new Error('boom'), { responseBody: '{"name":"Jane Roe"}' }),
    request: { headers: { authorization: 'Bearer pc_acme_x' } },
  });
  expect(text()).not.toMatch(/4155550123|Jane Roe|pc_acme_x/);
  expect(text()).toContain('[redacted]');
  expect(text()).toContain('boom');
});

test('logger - a line inside a span carries its trace', async () => {
  const telemetry = startTelemetry({ service: 'test', spanProcessors: [] });
  onTestFinished(() => telemetry.shutdown());
  const { log, lines } = captured();
  const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
  context.with(trace.setSpanContext(context.active(), spanContext), () => log.info('inside'));
  log.info('outside');
  const [inside, outside] = lines();
  expect(inside).toMatchObject({ trace_id: spanContext.traceId, span_id: spanContext.spanId });
  expect(outside).not.toHaveProperty('trace_id');
});
