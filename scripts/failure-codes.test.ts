import { expect, it } from 'vitest';
import { en } from '../services/console/web/src/i18n/en/index.ts';
import { toldCode } from '../services/console/web/src/parts/refusal-codes.ts';
import { failureCodes } from './failure-codes.ts';

const found = failureCodes('.');
const { codes: told } = en.refusals;

/** What no page can show, and why. */
const neverShown: Readonly<Record<string, string>> = {
  address_unavailable: 'a service that cannot start says so in its log',
  custom: 'a code of zod',
  nats_too_old: 'a service that cannot start says so in its log',
  not_a_recording: 'of the tool that reads recordings of AMI',
  port_in_use: 'a service that cannot start says so in its log',
  recording_missing: 'of the tool that reads recordings of AMI',
  throttled: 'the class of a failure',
  too_late: 'a word of a log',
  too_many: 'a count of decisions on calls that were not kept',
  topology: 'a service that cannot start says so in its log',
  transient: 'the class of a failure',
  unknown: 'a word of a log',
};

it('finds the codes of failures, however they are made', () => {
  const shapes = {
    agent_unreachable: 'second in new Failure()',
    timeout: 'in new Failure() by a condition',
    run_differs: 'by a constant',
    crm_locked: 'by a property',
    dns_not_found: 'in a table of verdicts',
    ami_silent: 'by a table of classes',
    workflow_unknown: 'passed to a function that makes the failure',
    credentials_refused: 'passed to a function of another file',
  };
  for (const [code, shape] of Object.entries(shapes)) expect(found.codes.has(code), `${code}: ${shape}`).toBe(true);
  expect([...found.prefixes.keys()].toSorted()).toEqual(['http_', 'smtp_', 'token_']);
});

it('people are told of each failure in their language: a code without words would be shown in English only', () => {
  const all = [...found.codes, ...found.prefixes].filter(([code]) => neverShown[code] === undefined);
  const without = all.filter(([code]) => toldCode(code, told) === undefined);
  const remedy = 'give it words in web/src/i18n/*/refusals-*.ts, or name it in parts/refusal-codes.ts';
  expect(without.map(([code, file]) => `${code} (${file}): ${remedy}`)).toEqual([]);
});

it('no words are kept for failures that are not made any more', () => {
  const shown = new Set([...found.codes.keys()].map((code) => toldCode(code, told)));
  const families = /^(http|smtp)_\d+$/;
  expect(Object.keys(told).filter((code) => !families.test(code) && !shown.has(code as never))).toEqual([]);
  expect(Object.keys(neverShown).filter((code) => !found.codes.has(code))).toEqual([]);
});
