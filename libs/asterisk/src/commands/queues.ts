import { Failure, type PbxCommand } from '@patchcord/contracts';
import { field } from '../message.ts';
import type { Asking } from './asking.ts';
import { doneOrAlready, type Refusal, understood } from './refusals.ts';

type Command<Name extends PbxCommand['command']> = Extract<PbxCommand, { command: Name }>;

const noQueue = (queue: string): Refusal => ({
  when: /no such queue/i,
  code: 'unknown_queue',
  message: `the PBX has no queue "${queue}"`,
});

/** Makes the phone a member of queues; of those it is in already nothing changes. */
export async function logIn({ client }: Asking, command: Command<'login'>): Promise<void> {
  for (const queue of command.queues) {
    const headers = {
      Queue: queue,
      Interface: command.interface,
      ...(command.name === undefined ? {} : { MemberName: command.name }),
    };
    await doneOrAlready(client.action('QueueAdd', headers), /already there/i, [noQueue(queue)]);
  }
}

/** Ends the membership, without queues in all of them. What `queues.conf` says cannot be ended from here. */
export async function logOut(asking: Asking, { interface: device, queues }: Command<'logout'>): Promise<void> {
  const wanted = queues.length > 0 ? queues : await queuesOf(asking, device);
  for (const queue of wanted) {
    await doneOrAlready(asking.client.action('QueueRemove', { Queue: queue, Interface: device }), /not there/i, [
      noQueue(queue),
      {
        when: /not dynamic/i,
        code: 'not_supported',
        message: `${device} is a member of "${queue}" by queues.conf: pause it instead, or take it out there`,
      },
    ]);
  }
}

/** Queues that the phone logged in to; those of `queues.conf` are left out, as nobody can log out of them. */
async function queuesOf({ client }: Asking, device: string): Promise<string[]> {
  const { events } = await understood(client.action('QueueStatus', { Member: device }));
  return events
    .filter((event) => field(event, 'Event') === 'QueueMember' && field(event, 'Location') === device)
    .filter((event) => field(event, 'Membership') !== 'static')
    .flatMap((event) => field(event, 'Queue') ?? []);
}

/** @throws Failure permanent `not_logged_in` */
export async function pause(
  { client }: Asking,
  { interface: device, queue, ...command }: Command<'pause'> | Command<'unpause'>,
): Promise<void> {
  const headers = {
    Interface: device,
    Paused: command.command === 'pause' ? 'true' : 'false',
    ...(queue === undefined ? {} : { Queue: queue }),
    ...(command.command === 'pause' && command.reason !== undefined ? { Reason: command.reason } : {}),
  };
  const where = queue === undefined ? 'any queue' : `the queue "${queue}"`;
  await understood(client.action('QueuePause', headers), [
    {
      when: /interface not found/i,
      code: 'not_logged_in',
      message: `${device} is not a member of ${where}: log in first`,
    },
  ]);
}

/** @throws Failure permanent `invalid_request` */
export function demandQueues({ queues, interface: device }: Command<'login'>): void {
  if (queues.length === 0)
    throw new Failure('permanent', 'invalid_request', `expected the queues that ${device} logs in to`);
}
