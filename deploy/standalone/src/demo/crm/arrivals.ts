import type { SeenRequest } from '@patchcord/testkit';
import { customersWith } from './customers.ts';

/** Something that Patchcord wrote into the CRM, as people say it. */
export interface Arrival {
  /** The same work told again is the same arrival. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: 'Call answered' | 'Disposition' | 'Call record';
  readonly customer?: string;
  readonly text: string;
}

/** What a request brings; undefined: it only asks. */
export function arrivalOf(request: SeenRequest): Arrival | undefined {
  const read = readers.find(({ prefix }) => request.path.startsWith(prefix));
  if (read === undefined || request.method === 'GET') return undefined;
  const id = request.headers['idempotency-key'] ?? `${request.at} ${request.path}`;
  return { id, at: new Date(request.at).toISOString(), ...read.read(request) };
}

type Read = Pick<Arrival, 'kind' | 'customer' | 'text'>;
type Fields = Readonly<Record<string, unknown>>;

const readers: readonly { readonly prefix: string; readonly read: (request: SeenRequest) => Read }[] = [
  { prefix: '/hooks/call-answered', read: ({ body }) => answered(json(body)) },
  { prefix: '/hooks/disposition', read: ({ body }) => outcome(new URLSearchParams(body)) },
  { prefix: '/call-records/', read: ({ body }) => record(json(body)) },
];

function answered({ phone, agentName, customerId }: Fields): Read {
  const customer = text(customerId) || onlyCustomerOf(phone);
  return { kind: 'Call answered', text: `${text(agentName)} talks to ${text(phone)}`, ...about(customer) };
}

function outcome(fields: URLSearchParams): Read {
  const form = Buffer.from(fields.get('form') ?? '', 'base64url').toString();
  const details = form === '' ? '' : ` (${pairs(json(form))})`;
  return {
    kind: 'Disposition',
    text: `“${fields.get('result') ?? ''}”${details}`,
    ...about(fields.get('customer') ?? ''),
  };
}

function record({ outcome: how, ani, talkMs, disposition, variables }: Fields): Read {
  const customer = text((variables as Fields | undefined)?.Omlcrmcustomerid) || onlyCustomerOf(ani);
  const seconds = Math.round(Number(talkMs ?? 0) / 1000);
  const { name, comments } = (disposition ?? {}) as Fields;
  const said = [name === undefined ? undefined : `“${text(name)}”`, comments].filter((part) => part !== undefined);
  return {
    kind: 'Call record',
    text: [`${capital(text(how))} call from ${text(ani)}, talked ${seconds} s`, ...said.map(text)].join('; '),
    ...about(customer),
  };
}

const about = (customer: string): Pick<Arrival, 'customer'> => (customer === '' ? {} : { customer });

function onlyCustomerOf(phone: unknown): string {
  const [first, ...others] = customersWith(text(phone));
  return first !== undefined && others.length === 0 ? first.number : '';
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const pairs = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${text(value)}`)
    .join(', ');

function json(body: string): Fields {
  try {
    return JSON.parse(body) as Fields;
  } catch {
    return {};
  }
}
