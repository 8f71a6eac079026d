import { type ConfigStore, connectBus } from '@patchcord/bus';
import { type AnyEvent, isConfigKind } from '@patchcord/contracts';
import type { AmiHeaderRecord, AmiReplayServer, SeenRequest } from '@patchcord/testkit';
import { type DemoEntity, demoRule, demoTenant } from './configuration.ts';
import { customersCsv } from './crm/customers.ts';
import { isByHand } from './guide.ts';
import { type Api, askRoute, importContacts, recordDisposition, routingQuestion } from './pbx.ts';
import { afterEvent, afterRequest, missing, nothingYet, type Progress } from './progress.ts';
import { openScreen } from './screen.ts';
import { type Told, tellDecision, tellEvent } from './telling.ts';
import { watchEvents } from './watch-events.ts';

export interface ScenarioOptions {
  readonly natsUrl: string;
  readonly api: Api;
  readonly pbx: AmiReplayServer;
  readonly recording: URL;
  readonly tell: (told: Told) => void;
  /** Hears every event. */
  readonly onEvent?: (event: AnyEvent) => void;
}

export interface Scenario {
  /** Requests at the CRM are told by whoever runs it. */
  seen(request: SeenRequest): void;
  /** Plays the call; resolves with what has not arrived at the deadline, so with nothing when all went well. */
  play(options: { speed: number; deadlineMs: number }): Promise<string[]>;
  close(): Promise<void>;
}

/** Stores the demo's configuration: all of it is checked before any of it is in force. */
export async function configure(config: ConfigStore, entities: readonly DemoEntity[]): Promise<void> {
  await config.applyAll(
    demoTenant,
    entities.filter(({ kind }) => isConfigKind(kind)),
  );
}

/** Plays the part of everybody around Patchcord: the PBX that asks, the agent who answers, the people who watch. */
export async function createScenario(options: ScenarioOptions): Promise<Scenario> {
  const { api, pbx, recording, tell } = options;
  await importContacts(api, customersCsv());
  const bus = await connectBus({ url: options.natsUrl, name: 'demo' });
  let progress: Progress = nothingYet;
  let changed: () => void = () => undefined;
  const advance = (next: Progress): void => {
    progress = next;
    changed();
  };
  const routed = async (event: AnyEvent): Promise<void> => {
    const question = event.type.startsWith('patchcord.v1.call.') ? routingQuestion(event as never) : undefined;
    if (question === undefined) return;
    const decision = await askRoute(api, question, event.traceparent);
    tell(tellDecision(demoRule, question, decision));
    advance({ ...progress, routed: decision.outcome === 'matched' });
  };
  const act = async (event: AnyEvent): Promise<void> => {
    if (event.type === 'patchcord.v1.agent.acw-started') {
      tell({ column: 'agent', text: 'chooses a disposition: Solved' });
      await recordDisposition(api, event.data.interactionId);
    } else await routed(event);
  };
  const trouble = (error: unknown): void => tell({ column: 'demo', text: `trouble: ${(error as Error).message}` });
  const onEvent = (event: AnyEvent): void => {
    const told = tellEvent(event);
    if (told !== undefined) tell(told);
    options.onEvent?.(event);
    // What a person does is left to him.
    if (isByHand(event.type === 'patchcord.v1.agent.acw-started' ? event.data.interactionId : event.subject)) return;
    advance(afterEvent(progress, event));
    act(event).catch(trouble);
  };
  const stopWatching = watchEvents(bus, onEvent);
  const closeScreen = openScreen({ bus, agentId: '1001', tell, trouble });
  return {
    seen: (request) => {
      tell({ column: 'CRM', text: requestLine(request) });
      advance(afterRequest(progress, request));
    },
    play: async ({ speed, deadlineMs }) => {
      progress = nothingYet;
      await pbx.play({ recording, speed, renumber: {}, leaveOut: ofOtherQueues });
      await until(
        () => missing(progress).length === 0,
        deadlineMs,
        (listener) => {
          changed = listener;
        },
      );
      return missing(progress);
    },
    close: async () => {
      stopWatching();
      closeScreen();
      await bus.close();
    },
  };
}

/** The PBX of the recording has its agents in queues that the demo has not. */
const ofOtherQueues = ({ Event, Queue }: AmiHeaderRecord): boolean =>
  Event === 'QueueMemberStatus' && Queue !== 'support';

function requestLine({ method, path, query, body, headers }: SeenRequest): string {
  const trace = headers.traceparent?.split('-')[1];
  const what = body === '' ? '' : ` ${body}`;
  const asked = method === 'GET' && Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : '';
  return `received ${method} ${path}${asked}${what}${trace === undefined ? '' : `\n${' '.repeat(21)}trace ${trace}`}`;
}

/** Resolves when the condition holds, looked at on each change, or at the deadline. */
function until(holds: () => boolean, deadlineMs: number, onChange: (listener: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deadlineMs);
    const look = (): void => {
      if (!holds()) return;
      clearTimeout(timer);
      resolve();
    };
    onChange(look);
    look();
  });
}
