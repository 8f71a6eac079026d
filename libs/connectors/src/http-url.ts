import { Failure } from '@patchcord/contracts';

/** Adds parameters to a URL. A query string that is there stays as it is written, in front. */
export function withQuery(base: string, parameters: readonly (readonly [name: string, value: string])[]): string {
  const url = new URL(base);
  url.hash = '';
  const added = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  if (added === '') return url.href;
  const before = url.search.slice(1);
  const bare = url.href.slice(0, url.href.length - url.search.length).replace(/\?$/, '');
  return `${bare}?${before === '' ? '' : `${before}&`}${added}`;
}

/** `=` and `,` may stand in a path as they are (RFC 3986, 3.3), and keys of OData are written with them. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replace(/%(?:3D|2C)/g, decodeURIComponent);

/**
 * Adds path segments to a URL, in front of its query string. Segments may be values: one that would lead up the path, and
 * cannot be written otherwise, is refused.
 */
export function withPath(base: string, ...segments: readonly string[]): string {
  const isUpwards = (segment: string): boolean => segment === '.' || segment === '..';
  if (segments.some(isUpwards))
    throw new Failure('permanent', 'path_refused', 'a part of the address would be "." or ".."');
  const url = new URL(base);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...segments.map(encodeSegment)].join('/');
  return url.href;
}
