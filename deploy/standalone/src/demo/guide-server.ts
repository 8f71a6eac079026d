import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Stops } from '../stops.ts';
import type { Guide } from './guide.ts';
import type { Api } from './pbx.ts';
import { createDemoPeople, type DemoPerson } from './people.ts';
import type { DemoPbx } from './phone/demo-pbx.ts';

interface GuideServerOptions {
  readonly guide: Guide;
  readonly pbx: DemoPbx;
  /** Of the console: its pages, and no others, are answered. */
  readonly consoleUrl: string;
  /** What `/<key>` leads to; the keys are in the links that are printed. */
  readonly links: ReadonlyMap<string, () => Promise<string>>;
  readonly port: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
}

/** The demo's telephone for the pages of the console: callers on and off, the phone picked up, and what was done. */
async function startGuideServer(options: GuideServerOptions): Promise<{ close(): Promise<void> }> {
  const followers = new Set<ServerResponse>();
  const { guide, pbx } = options;
  const message = (): string => `data: ${JSON.stringify(guide.state(pbx))}\n\n`;
  const tell = (): void => {
    for (const follower of followers) follower.write(message());
  };
  guide.onChange(tell);
  pbx.onChange(tell);
  const follow = (reply: ServerResponse): void => {
    followers.add(reply);
    reply.once('close', () => followers.delete(reply));
    reply.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.write(message());
  };
  const deeds: Readonly<Record<string, () => void>> = {
    '/start': () => pbx.start(),
    '/stop': () => pbx.stop(),
    '/answer': () => pbx.answer(),
  };
  const serve = async (request: IncomingMessage, reply: ServerResponse): Promise<unknown> => {
    const path = request.url ?? '/';
    const link = request.method === 'GET' ? options.links.get(path.slice(1)) : undefined;
    if (link !== undefined) return answer(reply, 302, { location: await link(), 'cache-control': 'no-store' });
    const { origin } = request.headers;
    if (origin === undefined || !isOfConsole(origin, options.consoleUrl)) return answer(reply, 403);
    reply.setHeader('access-control-allow-origin', origin);
    reply.setHeader('vary', 'origin');
    if (request.method === 'GET' && path === '/state') return follow(reply);
    const deed = request.method === 'POST' ? deeds[path] : undefined;
    if (deed === undefined) return answer(reply, 404);
    deed();
    return answer(reply, 204);
  };
  const server = createServer((request, reply) => {
    serve(request, reply).catch(() => answer(reply, 500));
  });
  server.listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function answer(reply: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  if (!reply.headersSent) reply.writeHead(status, headers);
  reply.end();
}

/** People also write `localhost` for this machine. */
function isOfConsole(origin: string, consoleUrl: string): boolean {
  const ours = new URL(consoleUrl);
  const local = ours.hostname === '127.0.0.1' ? `${ours.protocol}//localhost:${ours.port}` : ours.origin;
  return origin === ours.origin || origin === local;
}

export interface GuideOffer extends Pick<GuideServerOptions, 'guide' | 'pbx' | 'port' | 'host'> {
  readonly api: Pick<Api, 'consoleUrl' | 'token'>;
}

/**
 * Lets people in: the keys of the links of the agent and of the administrator, each of which signs in whenever it is
 * opened, and the guide that the agent's desk shows.
 */
export async function offerGuide({ api, ...options }: GuideOffer, stops: Pick<Stops, 'add'>): Promise<string[]> {
  const { consoleUrl } = api;
  const people = await createDemoPeople(api);
  const signedIn = (person: DemoPerson, place: string) => async () =>
    `${consoleUrl}${place}#token=${await people.tokenOf(person)}`;
  const key = (name: string): string => `${name}-${randomBytes(8).toString('hex')}`;
  const links = new Map([
    [key('agent'), signedIn('ana', '/desk')],
    [key('administrator'), signedIn('ada', '/live')],
  ]);
  const server = await startGuideServer({ ...options, consoleUrl, links });
  stops.add('demo telephone', () => server.close());
  return [...links.keys()];
}
