import type { Delivery } from '@patchcord/contracts';

/** `site-hook`: as queues, breakers and dead letters call it. */
export const destinationName = ({ kind, id }: Delivery['destination']): string => `${kind}-${id}`;
