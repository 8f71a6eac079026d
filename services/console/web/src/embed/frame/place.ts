/** The desk of one tenant in a frame: whose it is, and who may hold it. */
export interface FramePlace {
  readonly tenantId: string;
  readonly origins: readonly string[];
}

/** As the page was served; undefined: this is no frame's page. */
export function framePlace(): FramePlace | undefined {
  const tenantId = /^\/frame\/([\w-]+)$/.exec(location.pathname)?.[1];
  if (tenantId === undefined) return undefined;
  const told = document.querySelector<HTMLMetaElement>('meta[name=frame]')?.content ?? '';
  return { tenantId, origins: told.split(' ').filter((origin) => origin !== '' && origin !== '{{frame}}') };
}

/** In a frame there is one page only: everything else of ours opens in a tab. */
export const isFramed: boolean = framePlace() !== undefined;

/** Where somebody who signs out is: a frame stays what it is. */
export const homePath: string = isFramed ? location.pathname : '/';

/** Of all pages around this one, as far as the browser tells them; else of those that may hold it. None: it is in no frame. */
export function originsAround(): readonly string[] {
  const place = framePlace();
  if (place === undefined) return [];
  // Not every browser knows it, and where a page tells nothing of itself it is "null".
  const known = [...((location as { readonly ancestorOrigins?: Iterable<string> }).ancestorOrigins ?? [])];
  return known.length > 0 && !known.includes('null') ? known : place.origins;
}
