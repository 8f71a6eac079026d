const given = document.querySelector<HTMLMetaElement>('meta[name=demo]')?.content ?? '';

/** Of the demo's telephone; undefined everywhere but in the demo. */
export const demoAddress: string | undefined = /^https?:/.test(given) ? given : undefined;
