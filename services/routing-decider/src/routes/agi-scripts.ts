import type { AgiSession } from '@patchcord/asterisk';
import { token } from '@patchcord/contracts';
import type { PbxOfPeer, PbxPeer } from '../domain/pbx-peers.ts';

/** A call, and what its `AGI(agi://host/<script>/<id>)` asks for. */
export interface AgiCall {
  readonly session: AgiSession;
  readonly pbx: PbxPeer;
  /** Absent where the address names none. */
  readonly id: string | undefined;
  /** Says why the call is not served, for the log. */
  readonly refuse: (why: string) => void;
}

/** Serves one call to its end; `CRM_OUTCOME` is empty when it begins. */
export type AgiScript = (call: AgiCall) => Promise<void>;

export interface AgiScriptsDeps {
  readonly pbxOf: PbxOfPeer;
  /** By the first part of the address. */
  readonly scripts: Readonly<Record<string, AgiScript>>;
  /** Told of a call that is not served: from an unknown address, or with an address of the script that is none. */
  readonly onRefused: (about: { readonly peer: string; readonly path: string; readonly why: string }) => void;
}

/** Gives each call to the script that its dialplan names. */
export function createAgiScripts({
  pbxOf,
  scripts,
  onRefused,
}: AgiScriptsDeps): (session: AgiSession) => Promise<void> {
  const byName = new Map(Object.entries(scripts));
  return async (session) => {
    const { peer, request } = session;
    const refuse = (why: string): void => onRefused({ peer, path: request.path, why });
    const pbx = pbxOf(peer);
    if (pbx === undefined) return refuse('no entry of FASTAGI_PBXS names this address');
    await session.setVariable('CRM_OUTCOME', '');
    const [, name = '', id] = /^([^/]+)(?:\/([^/]+))?$/.exec(request.path) ?? [];
    const script = byName.get(name);
    if (script !== undefined && (id === undefined || token.safeParse(id).success))
      return script({ session, pbx, id, refuse });
    refuse(`expected agi://host/<one of ${[...byName.keys()].join(', ')}>/<id>`);
    await session.setVariable('CRM_OUTCOME', 'error');
  };
}
