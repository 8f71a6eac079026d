import { callEvents } from '@patchcord/contracts';
import { openLegs } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { tell } from './tell.ts';

/**
 * Two calls turned out to be one. The call with the outside survives a call among our own phones (a consult call),
 * whichever is older; else the older one does. Returns the survivor.
 */
export function merge(m: Mapping, one: Call, other: Call): Call {
  const [kept, gone] = survives(one, other) ? [one, other] : [other, one];
  if (gone.told !== undefined) {
    tell(m, callEvents.callMerged, {
      call: gone,
      uid: gone.origin?.uid ?? gone.pbxCallId,
      data: { intoCallId: kept.id },
    });
  }
  const legs = openLegs(m, gone);
  for (const leg of legs) move(leg, gone, kept);
  for (const linkedid of gone.linkedids) {
    kept.linkedids.add(linkedid);
    m.callIds.set(linkedid, kept.id);
  }
  m.calls.delete(gone.id);
  return kept;
}

const survives = (one: Call, other: Call): boolean => {
  const outside = Number(one.direction !== 'internal') - Number(other.direction !== 'internal');
  return outside === 0 ? one.order < other.order : outside > 0;
};

/** In the surviving call the leg begins anew: what it did in a consult call was not with the customer. */
function move(leg: Channel, from: Call, to: Call): void {
  if (leg === from.origin && leg.kind === 'phone') leg.caller = true;
  leg.callId = to.id;
  to.legs.add(leg.uid);
  leg.ringingTold = false;
  leg.answered = false;
  leg.holders.clear();
}
