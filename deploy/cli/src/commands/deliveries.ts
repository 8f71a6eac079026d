import { type Delivery, delivery, deliveryState } from '@patchcord/contracts';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { clientFrom } from '../console-client.ts';
import { count, plain, print, printJson, say, table } from '../terminal.ts';

const listing = z.object({ deliveries: z.array(delivery) });

interface DeliveriesOptions {
  readonly call?: string;
  readonly destination?: string;
  readonly state?: string;
  readonly limit: string;
  readonly json?: true;
}

export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('the delivery log: what was sent to CRMs, newest first')
    .option('--call <callId>', 'only of this call')
    .option('--destination <key>', 'only to this destination, e.g. site-orders')
    .addOption(new Option('--state <state>', 'only in this state').choices(deliveryState.options))
    .option('--limit <n>', 'at most so many', count(500), '50')
    .option('--json', 'as JSON, with every attempt')
    .addHelpText('after', '\nExample:\n  $ patchcord deliveries --state dead --destination site-orders')
    .action(list);
}

async function list({ call, destination, state, limit, json }: DeliveriesOptions): Promise<void> {
  const query = { callId: call, destination, state, limit };
  const { deliveries } = await clientFrom(process.env).json('/v1/deliveries', listing, { query });
  if (json) return printJson(deliveries);
  const heading = ['updated at', 'state', 'destination', 'cause', 'attempts', 'last answer', 'call'];
  if (deliveries.length > 0) print(table(heading, deliveries.map(row)));
  else say('no deliveries');
}

function row({ updatedAt, state, destination, cause, attempts, callId }: Delivery): string[] {
  const last = attempts.at(-1);
  const answer = last?.status ?? last?.failure?.code ?? '';
  return [
    updatedAt,
    state,
    `${destination.kind}-${destination.id}`,
    cause,
    String(attempts.length),
    plain(String(answer)),
    callId ?? '',
  ];
}
