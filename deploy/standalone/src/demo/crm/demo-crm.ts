import { PassThrough } from 'node:stream';
import { type CrmPage, type FakeCrm, type FakeCrmOptions, type SeenRequest, startFakeCrm } from '@patchcord/testkit';
import { type Arrival, arrivalOf } from './arrivals.ts';
import { customers, customersWith } from './customers.ts';
import { customerPage, homePage, noSuchPage, phonePage } from './pages.ts';
import { script, style } from './parts.ts';

/** So many are kept and shown. */
const maxArrivals = 40;

/**
 * The demo's CRM: the one of the tests, with pages for people. It lists its customers, shows each, also in a frame, and
 * tells what Patchcord writes into it as it comes.
 */
export function startDemoCrm({ onRequest, ...options }: Omit<FakeCrmOptions, 'pages'>): Promise<FakeCrm> {
  const arrivals: Arrival[] = [];
  const readers = new Set<PassThrough>();
  const hear = (request: SeenRequest): void => {
    const arrival = arrivalOf(request);
    if (arrival === undefined || arrivals.some(({ id }) => id === arrival.id)) return;
    arrivals.unshift(arrival);
    arrivals.splice(maxArrivals);
    for (const reader of readers) reader.write(message(arrivals));
  };
  const follow = (): CrmPage => {
    const body = new PassThrough();
    readers.add(body);
    body.once('close', () => readers.delete(body));
    body.write(message(arrivals));
    return { type: 'text/event-stream', headers: { 'cache-control': 'no-store' }, body };
  };
  return startFakeCrm({
    ...options,
    onRequest: (request) => {
      if (!isOfPages(request)) onRequest?.(request);
      hear(request);
    },
    pages: (request) => (request.method === 'GET' ? pageOf(request, follow) : undefined),
  });
}

const message = (arrivals: readonly Arrival[]): string => `data: ${JSON.stringify(arrivals)}\n\n`;

const own = new Set(['/', '/crm.css', '/crm.js', '/arrivals', '/favicon.ico']);
/** What only people who look at the CRM ask for. */
const isOfPages = ({ path }: SeenRequest): boolean => own.has(path);

function pageOf({ path, query }: SeenRequest, follow: () => CrmPage): CrmPage | undefined {
  if (path === '/arrivals') return follow();
  if (path === '/crm.css') return { type: 'text/css; charset=utf-8', body: style };
  if (path === '/crm.js') return { type: 'text/javascript; charset=utf-8', body: script };
  if (path === '/favicon.ico') return { type: 'image/x-icon', status: 204, body: '' };
  if (path === '/') return html(homePage(customers));
  const [, place, number = ''] = path.split('/');
  if (place !== 'customers') return undefined;
  if (number === '') return html(phonePage(query.phone ?? '', customersWith(query.phone ?? '')));
  const customer = customers.find((candidate) => candidate.number === number);
  return customer === undefined ? html(noSuchPage(number), 404) : html(customerPage(customer));
}

/** No script but its own file, and anybody may frame it: that is what it is for. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
};
const html = (body: string, status = 200): CrmPage => ({ type: 'text/html; charset=utf-8', headers, status, body });
