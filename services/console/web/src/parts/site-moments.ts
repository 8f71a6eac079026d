import type { SiteMoment } from '@patchcord/contracts';
import { every } from './every.ts';

/** Moments of a call that sites can be told of, in the order in which they come. */
export const siteMoments = every<SiteMoment>({
  offered: true,
  queued: true,
  'agent-ringing': true,
  answered: true,
  held: true,
  resumed: true,
  transferred: true,
  abandoned: true,
  'recording-ready': true,
  ended: true,
});
