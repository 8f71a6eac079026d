import { configKinds, type TenantConfig, trigger } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { expressionWarnings } from '../src/domain/expression-warnings.ts';

const emptyConfig = (): TenantConfig =>
  Object.fromEntries(configKinds.map((kind) => [kind, new Map()])) as unknown as TenantConfig;

/** Ten conditions, each with 50 names that no call has. */
const wrong = (id: number) =>
  trigger.parse({
    id: `t${id}`,
    name: `Trigger ${id}`,
    conditions: Array.from({ length: 10 }, (_, at) => ({
      expression: 'ivr.plan',
      operator: 'EQ',
      expectation: Array.from({ length: 50 }, (_all, place) => `{call.recordingx${id}_${at}_${place}}`).join(''),
    })),
  });

test('warnings - thousands of names that no call has took most of a minute, in which nobody else was served', () => {
  const triggers = new Map(Array.from({ length: 40 }, (_, at) => [`t${at}`, wrong(at)]));
  const before = process.cpuUsage();
  const warnings = expressionWarnings({ ...emptyConfig(), trigger: triggers });
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  expect(warnings).toHaveLength(200);
  expect(warnings[0]).toEqual({
    kind: 'trigger',
    id: 't0',
    path: 'conditions[0].expectation',
    message: expect.stringContaining('call.recordingx0_0_0'),
  });
});
