import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { crowdTests, crowdTopic } from './crowd.ts';
import { deskTests, deskTopic } from './desk.ts';
import { ivrTests, ivrTopic } from './ivr.ts';
import { killTests, pbxRestartTests } from './killed.ts';
import { type DialplanTopic, joined } from './lab/dialplan.ts';
import { hasLab } from './lab/lab.ts';
import { type PbxWorld, startPbxWorld } from './pbx-world.ts';
import { queueTests, queueTopic } from './queue.ts';
import { routingTests, routingTopic } from './routing.ts';
import { transferTests } from './transfers.ts';

const topics = (agiPort: number): DialplanTopic =>
  joined([queueTopic, crowdTopic, ivrTopic, deskTopic, routingTopic(agiPort)]);

let at: PbxWorld;

// One after another, on one PBX and the services of one house.
describe.skipIf(!hasLab)('calls through a real Asterisk', () => {
  beforeAll(async () => {
    at = await startPbxWorld(topics);
  }, 120_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(`tests: the PBX while "${task.name}"\n${await at.lab.log()}`);
    await at.lab.quiet();
  });
  afterAll(() => at?.stop());

  describe('a queue', () => queueTests(() => at));
  describe('many at once', () => crowdTests(() => at));
  describe('a menu', () => ivrTests(() => at));
  describe('transfers', () => transferTests(() => at));
  describe("an agent's desk", () => deskTests(() => at));
  describe('routing by a rule', () => routingTests(() => at));
  describe('services that are killed', () => killTests(() => at));
  describe('a PBX that goes down', () => pbxRestartTests(() => at));
});
