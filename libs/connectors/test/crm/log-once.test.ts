import { expect, onTestFinished, test } from 'vitest';
import { done, entry, failureOf, setUp } from './conformance/subject.ts';
import { subjectOf } from './espocrm/espocrm-subject.ts';
import { startFakeEspoCrm } from './espocrm/fake.ts';

test('a call whose answer was too long to be read was written, and is not written again', async () => {
  const subject = await setUp(subjectOf(startFakeEspoCrm, {}));
  onTestFinished(() => subject.close());
  subject.fake.failNext('long-answer', ({ path, method }) => method === 'POST' && path.at(-1) === 'Call');
  expect(failureOf(await subject.crm.logCall(entry))).toMatchObject({ class: 'permanent', code: 'response_too_large' });
  expect(done(await subject.crm.logCall(entry)).again).toBe(true);
  expect(subject.fake.loggedCalls().length).toBe(1);
});
