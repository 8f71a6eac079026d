import type { FrameCheck } from '@patchcord/contracts';

export interface FramedPage {
  /** Where it was found in the end. */
  readonly url: string;
  /** Names in lower case; the same header several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the page that wants to frame it. */
  readonly embedder: string;
}

/** Whether a browser will show this page in a frame of the embedder: `frame-ancestors` counts, else `X-Frame-Options`. */
export function framePolicy({ url, headers, embedder }: FramedPage): FrameCheck {
  const own = new URL(url);
  const frame = new URL(embedder);
  // Browsers load no insecure page into a secure one, whatever it says of itself.
  if (frame.protocol === 'https:' && own.protocol === 'http:' && !isLoopback(own)) return refused('mixed-content');
  const policies = ancestorsOf(headers['content-security-policy'] ?? '');
  if (policies.length > 0) {
    const allowed = policies.every((sources) => sources.some((source) => matches(source, { own, frame })));
    return allowed ? { outcome: 'allowed' } : refused('frame-ancestors');
  }
  const options = (headers['x-frame-options'] ?? '').split(',').map((option) => option.trim().toLowerCase());
  if (options.includes('deny')) return refused('x-frame-options');
  return options.includes('sameorigin') && own.origin !== frame.origin
    ? refused('x-frame-options')
    : { outcome: 'allowed' };
}

const refused = (reason: NonNullable<FrameCheck['reason']>): FrameCheck => ({ outcome: 'refused', reason });

/** The only insecure addresses that browsers trust. */
const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.startsWith('127.') || hostname === '[::1]';

/** The sources of each policy that says who may frame the page. */
function ancestorsOf(header: string): string[][] {
  return header.split(',').flatMap((policy) => {
    const directive = policy
      .split(';')
      .map((text) => text.trim().split(/\s+/))
      .find(([name]) => name?.toLowerCase() === 'frame-ancestors');
    return directive === undefined ? [] : [directive.slice(1)];
  });
}

interface Origins {
  readonly own: URL;
  readonly frame: URL;
}

function matches(source: string, { own, frame }: Origins): boolean {
  const wanted = source.toLowerCase();
  if (wanted === "'none'") return false;
  if (wanted === "'self'") return own.origin === frame.origin;
  if (wanted === '*') return /^https?:$/.test(frame.protocol);
  if (/^[a-z][a-z0-9+.-]*:$/.test(wanted)) return schemeFits(wanted, frame);
  const parsed = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?([^/:]+)(?::(\d+|\*))?(?:\/.*)?$/.exec(wanted);
  if (parsed === null) return false;
  const [, scheme = own.protocol, host = '', port] = parsed;
  return schemeFits(scheme, frame) && hostFits(host, frame.hostname) && portFits(port, frame);
}

/** `http:` also lets its secure sister in. */
const schemeFits = (scheme: string, { protocol }: URL): boolean =>
  scheme === protocol || (scheme === 'http:' && protocol === 'https:');

const hostFits = (wanted: string, host: string): boolean =>
  wanted === '*' || (wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : wanted === host);

function portFits(wanted: string | undefined, { port, protocol }: URL): boolean {
  const usual = protocol === 'https:' ? '443' : '80';
  return wanted === '*' || (wanted ?? usual) === (port === '' ? usual : port);
}
