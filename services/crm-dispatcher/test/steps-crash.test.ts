import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CrmCall } from '../../../libs/connectors/test/crm/fake-http.ts';
import { newCallId } from './call.ts';
import { createProcesses } from './process.ts';
import { recordings, type StepsScene, startStepsScene } from './steps-scene.ts';

let scene: StepsScene;
const processes = createProcesses(() => scene.fixture.servers);
const { start: startProcess, kill } = processes;
beforeAll(async () => {
  scene = await startStepsScene();
});
afterAll(async () => {
  await processes.killAll();
  await scene.stop();
});

const posts =
  (what: string) =>
  ({ method, path }: CrmCall): boolean =>
    ['POST', 'PATCH'].includes(method) && path.includes(what);

/** The CRM does what it is asked, and the process is killed before it is told. */
const forever = { until: new Promise<void>(() => {}) };

it('killed between the answer of the CRM and our note of it: nothing is there twice, and all is told', async () => {
  const { salesforce, pipedrive, memorialize, came } = scene;
  const first = await startProcess();
  const contact = { module: 'Contact', id: salesforce.seed('Contact', { LastName: 'Caller' }) };
  const [person, other] = ['Joe', 'Jim'].map((name) => ({
    module: 'persons',
    id: pipedrive.seed('persons', { name }),
  }));
  const linkedTo = (at: typeof person) => (at === undefined ? [] : [at]);
  const noted = { into: 'pd', callId: newCallId(), linked: linkedTo(other) } as const;
  expect(await came(await memorialize(noted))).toEqual(['timeline written']);

  salesforce.failNext(forever, posts('Task'));
  salesforce.failNext(forever, posts(contact.id));
  pipedrive.failNext(forever, posts('callLogs'));
  pipedrive.failNext(forever, posts('notes'));
  const keyed = await memorialize({ into: 'sf', callId: newCallId(), linked: [contact] });
  const listed = await memorialize({
    into: 'pd',
    callId: newCallId(),
    linked: linkedTo(person),
    record: { recordings },
  });
  const note = await memorialize({ ...noted, revision: 2, record: { recordings } });
  const asked = (): number =>
    salesforce.calls.filter((call) => posts('Task')(call) || posts(contact.id)(call)).length +
    pipedrive.calls.filter((call) => posts('callLogs')(call) || posts('notes')(call)).length;
  await eventually(() => asked() === 5, { what: 'all that is written' });
  await kill(first);
  await startProcess();

  expect(await came(keyed)).toEqual(['timeline written', 'update written']);
  expect(await came(listed)).toEqual(['timeline written']);
  expect([salesforce.loggedCalls().length, pipedrive.loggedCalls().length]).toEqual([1, 2]);
  // A note cannot be looked up: that it may be there is for a person to see.
  const letter = await scene.dead(note, 'recording');
  expect([letter.failure.code, pipedrive.calls.filter(posts('notes')).length]).toEqual(['write_unknown', 1]);
  await scene.discard(letter);
  expect(await came(note)).toEqual(['recording discarded', 'timeline unable']);
}, 60_000);
