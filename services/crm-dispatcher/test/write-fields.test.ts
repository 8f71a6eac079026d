import { Failure } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { writeFields } from '../src/usecases/write-fields.ts';

const refusal = new Failure('permanent', 'crm_invalid', 'the field does not take "gold"', { status: 400 });

/** A CRM that refuses every request with one of these fields. */
function crm(refused: readonly string[], failure = refusal) {
  const requests: string[][] = [];
  return {
    requests,
    write: async (values: Readonly<Record<string, unknown>>) => {
      const fields = Object.keys(values);
      requests.push(fields);
      if (fields.some((field) => refused.includes(field))) return { outcome: 'failed', failure } as const;
      return { outcome: 'done', value: undefined } as const;
    },
    note: async () => {},
  };
}
const values = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, 'gold']));

describe('fields of a record', () => {
  it('are written by one request', async () => {
    const of = crm([]);
    const done = await writeFields(values(8), of);
    expect([of.requests.length, done.written.length, done.refused.size]).toEqual([1, 8, 0]);
  });

  it('one that the CRM refuses is told, without its value, and the others are written', async () => {
    const of = crm(['f5']);
    const { written, refused, failure } = await writeFields(values(8), of);
    expect(written.toSorted()).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f6', 'f7']);
    expect([...refused]).toEqual([['f5', 'the field does not take "…"']]);
    expect(failure).toBeUndefined();
    expect(of.requests.length).toBeLessThanOrEqual(7);
  });

  it('however many it refuses, no more than sixteen requests are made', async () => {
    const of = crm(Array.from({ length: 25 }, (_, at) => `f${at * 2}`));
    const { written, refused } = await writeFields(values(50), of);
    expect(of.requests.length).toBeLessThanOrEqual(16);
    expect(written.length + refused.size).toBe(50);
  });

  it('when it takes none at all, the record is what it refuses', async () => {
    const { failure } = await writeFields(values(4), crm(['f0', 'f1', 'f2', 'f3']));
    expect(failure).toBe(refusal);
  });

  it.each([
    ['a record that is gone', new Failure('permanent', 'http_404', 'not found', { status: 404 })],
    ['a user who may not', new Failure('permanent', 'http_403', 'forbidden', { status: 403 })],
    ['a CRM that is away', new Failure('transient', 'http_503', 'away', { status: 503 })],
  ])('of %s nothing is tried by parts', async (_what, failure) => {
    const of = crm(['f0'], failure);
    expect((await writeFields(values(4), of)).failure).toBe(failure);
    expect(of.requests.length).toBe(1);
  });
});
