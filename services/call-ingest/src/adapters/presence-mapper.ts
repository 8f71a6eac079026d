import { type AmiMapper, type AmiSnapshot, type EventMapper, field } from '@patchcord/asterisk';
import { aliveIds, type Presence } from '../domain/lost-calls.ts';

/** A mapper that remembers the last snapshot it was given. */
export interface PresenceMapper extends EventMapper {
  openCalls(): readonly string[];
  /** What the last snapshot held; undefined when there was none since the last time it was taken. */
  take(): Omit<Presence, 'restarted'> | undefined;
}

export function createPresenceMapper(
  mapper: AmiMapper,
  { pbxId, tenantId }: { readonly pbxId: string; readonly tenantId: string },
): PresenceMapper {
  let last: ReturnType<PresenceMapper['take']>;
  return {
    apply: (message, atMs) => mapper.apply(message, atMs),
    resync(snapshot, atMs) {
      // Without one the mapper could not read, nobody may conclude from it that calls are over.
      last = undefined;
      const events = mapper.resync(snapshot, atMs);
      // The calls of a PBX that is gone are ended on their own, before the snapshot of the new one comes.
      if (!snapshot.restarted) last = { pbxId, tenantId, atMs, alive: aliveIds(pbxId, channelsOf(snapshot)) };
      return events;
    },
    openCalls: () => mapper.openCalls(),
    take() {
      const taken = last;
      last = undefined;
      return taken;
    },
  };
}

const channelsOf = ({ channels }: AmiSnapshot) =>
  channels.flatMap((channel) => {
    const uniqueid = field(channel, 'Uniqueid');
    return uniqueid === undefined ? [] : [{ uniqueid, linkedid: field(channel, 'Linkedid') || uniqueid }];
  });
