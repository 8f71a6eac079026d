import { Failure } from '@patchcord/contracts';

/** An address of ours as others reach it. @throws Failure own-trouble `public_url_missing` */
export function ownUrl(publicUrl: string | undefined, path: string): string {
  if (publicUrl !== undefined) return `${publicUrl.replace(/\/+$/, '')}${path}`;
  const message = 'set CONSOLE_PUBLIC_URL: authorization servers send browsers back there';
  throw new Failure('own-trouble', 'public_url_missing', message);
}

const nowhere = 'http://console.invalid';

/**
 * The page of ours that an address means, as path and query; `/` for everything else. A browser reads `//host`, `/\host`
 * and dots as other places than they look like, so what it would read is what is looked at.
 */
export function ownPage(address: string, places: readonly string[]): string {
  const url = address.startsWith('/') ? URL.parse(address, nowhere) : null;
  if (url === null || url.origin !== nowhere) return '/';
  const [, place = ''] = url.pathname.split('/');
  return places.includes(place) ? `${url.pathname}${url.search}` : '/';
}
