import { describe, expect, it } from 'vitest';
import { readAnswer } from '../src/index.ts';

const json = 'application/json; charset=utf-8';
const plain = 'text/plain';

function read(contentType: string | undefined, body: string, answerPath?: string): string {
  const reading = readAnswer(contentType, body, { fieldName: 'level', answerPath });
  if (reading.outcome === 'found') return `found ${reading.value}`;
  return reading.outcome === 'failed' ? `failed ${reading.failure.code}` : reading.outcome;
}

describe('answer of a custom CRM', () => {
  it.each([
    [json, '{"value":"GOLD"}', 'found GOLD'],
    [json, '{"value":"GOLD","level":"SILVER"}', 'found GOLD'],
    [json, '{"level":"SILVER","name":"x"}', 'found SILVER'],
    [json, '{"value":{"id":1},"level":"SILVER"}', 'found SILVER'],
    [json, '{"value":7}', 'found 7'],
    [json, '{"value":12345678901234567890}', 'found 12345678901234567890'],
    [json, '{"value":1.5}', 'found 1.5'],
    [json, '{"value":false}', 'found false'],
    [json, '"GOLD"', 'found GOLD'],
    [json, '9', 'found 9'],
    [json, ' true\n', 'found true'],
    [plain, ' GOLD \r\n', 'found GOLD'],
    [plain, '007', 'found 007'],
    [plain, '1e3', 'found 1e3'],
    [plain, '"quoted"', 'found "quoted"'],
    [plain, '{"value":"GOLD"}', 'found GOLD'],
    ['text/html', '{"value":"GOLD"}', 'failed answer_html'],
    [undefined, '{"value":"GOLD"}', 'found GOLD'],
    [undefined, '"GOLD"', 'found GOLD'],
    [undefined, 'GOLD', 'found GOLD'],
    [undefined, '007', 'found 007'],
  ])('%s %s - %s', (contentType, body, expected) => expect(read(contentType, body)).toBe(expected));

  it.each([
    [json, ''],
    [json, '  \n'],
    [json, 'null'],
    [undefined, 'null'],
    [json, '""'],
    [json, '{}'],
    [json, '[]'],
    [json, '{"value":null}'],
    [json, '{"level":""}'],
    [plain, ''],
  ])('%s %j is not found', (contentType, body) => expect(read(contentType, body)).toBe('not-found'));

  it.each([
    ['text/html', '<!doctype html><title>Login</title>', 'answer_html'],
    [json, '<html>502</html>', 'answer_html'],
    [json, '{"error":"no such field"}', 'answer_field_missing'],
    [json, '{"value":{"a":1}}', 'answer_unreadable'],
    [json, '{"value":["a"]}', 'answer_unreadable'],
    [json, '["GOLD"]', 'answer_unreadable'],
    [json, '{"value":', 'answer_unreadable'],
    [json, 'GOLD', 'answer_unreadable'],
    [plain, 'Traceback:\n  line 1', 'answer_unreadable'],
    [plain, 'x'.repeat(2000), 'answer_too_long'],
    [json, '{"__proto__":{"value":"x"}}', 'answer_field_missing'],
    [json, '{"name":"constructor"}', 'answer_field_missing'],
  ])('%s %s is nonsense', (contentType, body, code) => expect(read(contentType, body)).toBe(`failed ${code}`));

  it.each([
    ['{"data":{"contact":{"tier":"GOLD"}}}', 'found GOLD'],
    ['{"data":{"contact":null}}', 'not-found'],
    ['{"data":{"contact":{"tier":null}}}', 'not-found'],
    ['{"data":{}}', 'failed answer_field_missing'],
    ['{"data":{"contact":{"tier":{}}}}', 'failed answer_unreadable'],
    ['{"data":"x"}', 'failed answer_field_missing'],
    ['{"value":{"tier":"x"},"data":{"contact":{"tier":"GOLD"}}}', 'found GOLD'],
    ['{"level":null,"data":{"contact":{"tier":"GOLD"}}}', 'not-found'],
  ])('a configured path is looked at: %s', (body, expected) =>
    expect(read(json, body, 'data.contact.tier')).toBe(expected),
  );

  it('a path goes into lists by their index', () => {
    expect(read(json, '{"records":[{"tier":"GOLD"}]}', 'records.0.tier')).toBe('found GOLD');
    expect(read(json, '[{"tier":"GOLD"}]', '0.tier')).toBe('found GOLD');
    expect(read(json, '{"value":[{"tier":"GOLD"}]}', 'value.0.tier')).toBe('found GOLD');
  });

  const everywhere = { value: 'A', level: 'B', data: { tier: 'C' } };
  it.each([
    [json, JSON.stringify(everywhere), 'A', 'value'],
    [json, JSON.stringify({ ...everywhere, value: undefined }), 'B', 'field'],
    [json, JSON.stringify({ data: everywhere.data }), 'C', 'path'],
    [json, '"D"', 'D', 'scalar'],
    [json, '9', '9', 'scalar'],
    [plain, 'E', 'E', 'text'],
    [undefined, 'E', 'E', 'text'],
  ])('%s %s - %s is told to be of the %s', (contentType, body, value, part) => {
    const options = { fieldName: 'level', answerPath: 'data.tier' };
    expect(readAnswer(contentType, body, options)).toEqual({ outcome: 'found', value, read: part });
  });
});
