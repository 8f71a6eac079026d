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
