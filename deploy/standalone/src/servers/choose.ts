/** How a server that we need is had. */
export type ServerSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'binary' }
  | { readonly kind: 'container' }
  | { readonly kind: 'distribution' }
  | { readonly kind: 'none' };

/** What this machine offers for one server. */
export interface Offer {
  /** From the environment: somebody runs it already. */
  readonly url: string | undefined;
  readonly onPath: boolean;
  readonly docker: boolean;
  readonly distribution: boolean;
}

/** The order of preference: a running one, an installed one, a container, the distribution's package. */
export function chooseSource(offer: Offer): ServerSource {
  if (offer.url !== undefined && offer.url !== '') return { kind: 'url', url: offer.url };
  if (offer.onPath) return { kind: 'binary' };
  if (offer.docker) return { kind: 'container' };
  if (offer.distribution) return { kind: 'distribution' };
  return { kind: 'none' };
}
