import type { PbxCommands } from '@patchcord/asterisk';
import { Failure, type PbxCommand, type PbxCommandReply, requestedCallId } from '@patchcord/contracts';

interface PbxCommandRequest {
  readonly tenantId: string;
  readonly pbxId: string;
  readonly command: PbxCommand;
}

export interface RunPbxCommandOptions {
  readonly pbxId: string;
  readonly tenantId: string;
  /** What the connection can be asked; undefined while there is none. */
  readonly commands: () => PbxCommands | undefined;
  /** Whether events of this call are stored: another process may have made it, or this one before it was restarted. */
  readonly isStored: (tenantId: string, callId: string) => Promise<boolean>;
}

export type RunPbxCommand = (request: PbxCommandRequest) => Promise<PbxCommandReply>;

/**
 * Has one PBX do something for its tenant. The same request to make a call again makes no second one: this process
 * remembers it, the stored events tell of it, and the PBX takes no id twice at the same time.
 *
 * @throws Failure permanent `not_found` (another tenant's PBX), own-trouble `pbx_away`, and those of `PbxCommands`
 */
export function createRunPbxCommand({ pbxId, tenantId, commands, isStored }: RunPbxCommandOptions): RunPbxCommand {
  const made = createMadeCalls();
  const execute = async (command: PbxCommand): Promise<PbxCommandReply> => {
    const connected = commands();
    if (connected !== undefined) return connected.execute(command);
    throw new Failure('own-trouble', 'pbx_away', `the connection to the PBX "${pbxId}" is lost; try again in a moment`);
  };
  const call = async (command: PbxCommand, callId: string): Promise<PbxCommandReply> =>
    (await isStored(tenantId, callId)) ? { outcome: 'repeated', callId } : execute(command);
  return async (request) => {
    if (request.tenantId !== tenantId || request.pbxId !== pbxId) {
      throw new Failure('permanent', 'not_found', `there is no PBX "${request.pbxId}"`);
    }
    const { command } = request;
    if (command.command !== 'originate') return execute(command);
    return made.once(command.requestId, () => call(command, requestedCallId(pbxId, command.requestId)));
  };
}

/** Requests of the last hours; the oldest are forgotten first. */
const maxRemembered = 10_000;

/** Calls made by request. Who asks again while the first is under way waits for it. */
function createMadeCalls() {
  const known = new Map<string, Promise<PbxCommandReply>>();
  return {
    async once(requestId: string, make: () => Promise<PbxCommandReply>): Promise<PbxCommandReply> {
      const before = known.get(requestId);
      if (before !== undefined) return { ...(await before), outcome: 'repeated' };
      const reply = make();
      known.set(requestId, reply);
      if (known.size > maxRemembered) known.delete(known.keys().next().value ?? '');
      try {
        return await reply;
      } catch (error) {
        known.delete(requestId);
        throw error;
      }
    },
  };
}
