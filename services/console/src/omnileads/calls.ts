import type { Bus } from '@patchcord/bus';
import { events, parseEvent, streams, subjects, token } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { agentIn, type IdSpace, worksOn } from '../domain/external-ids.ts';
import { type AgentCommand, agentCommand } from '../usecases/agent-command.ts';
import { makeCall } from '../usecases/make-call.ts';
import { type OmniLeadsDeps, path } from './deps.ts';
import { type Fields, fieldsOf, refuse, requiredText, textOf } from './fields.ts';
import { schemas } from './schemas.ts';
import { agentOf, campaignOf, spaceOf } from './who.ts';

type Deps = Pick<OmniLeadsDeps, 'bus' | 'config' | 'contacts'>;

const onRequest = requireScope('calls:control');
const tags = ['omnileads'];
/** Whatever is wrong with the phone or the PBX was always told with 200. */
const config = { troubleIsAnswer: true };
const ok = { status: 'OK' };
const longestReason = 80;

interface CallPath {
  readonly url: `/${string}/`;
  readonly summary: string;
  readonly schema: object;
  readonly act: (deps: Deps, identity: Identity, fields: Fields) => Promise<object>;
}

/** Has the PBX do it for the agent of the request. */
const telling =
  (commandOf: (fields: Fields) => AgentCommand): CallPath['act'] =>
  async (deps, identity, fields) => {
    const agentId = agentOf(identity, spaceOf(deps, identity, fields), fields);
    await agentCommand(deps, identity, { ...commandOf(fields), agentId });
    return ok;
  };

const pauseReason = (fields: Fields): string | undefined => textOf(fields, 'pause_id')?.slice(0, longestReason);

/** What the web phone of an agent asked for, and click-to-call. */
const callPaths: readonly CallPath[] = [
  { url: '/api/v1/makeCall/', summary: 'click-to-call', schema: schemas.makeCall, act: callContact },
  {
    url: '/api/v1/make_call_outside_campaign/',
    summary: 'a call of no campaign',
    schema: schemas.callOutside,
    act: callOutside,
  },
  {
    url: '/api/v1/hangupCall/',
    summary: 'ends the call of the agent',
    schema: schemas.call,
    act: telling((fields) => ({ command: 'hangup', callId: callIdOf(fields) })),
  },
  {
    url: '/api/v1/evento_hold/',
    summary: 'puts the call on hold, or takes it back',
    schema: schemas.call,
    act: holdOrResume,
  },
  {
    url: '/api/v1/asterisk_login/',
    summary: 'logs the agent in to the queues of his campaigns',
    schema: schemas.agent,
    act: telling(() => ({ command: 'login' })),
  },
  {
    url: '/api/v1/asterisk_logout/',
    summary: 'logs the agent out of all queues',
    schema: schemas.agent,
    act: telling(() => ({ command: 'logout' })),
  },
  {
    url: '/api/v1/asterisk_pause/',
    summary: 'gives the agent no calls',
    schema: schemas.pause,
    act: telling((fields) => ({ command: 'pause', reason: pauseReason(fields) })),
  },
  {
    url: '/api/v1/asterisk_unpause/',
    summary: 'gives the agent calls again',
    schema: schemas.pause,
    act: telling(() => ({ command: 'unpause' })),
  },
  // Web phones told that they ring; here the PBX tells it itself.
  {
    url: '/api/v1/asterisk_ringing/',
    summary: 'taken, and known already',
    schema: schemas.agent,
    act: async () => ok,
  },
];

/** Click-to-call and the session of an agent. */
export function registerCallPaths(app: HttpServer, deps: Deps): void {
  for (const { url, summary, schema, act } of callPaths) {
    const documented = { summary: `OMniLeads: ${summary}`, tags, ...schema };
    path(app, { method: 'POST', url, onRequest, config, schema: documented }, (request) =>
      act(deps, identityOf(request), fieldsOf(request)),
    );
  }
}

async function holdOrResume(deps: Deps, identity: Identity, fields: Fields): Promise<object> {
  const callId = callIdOf(fields) ?? refuse('callid', 'expected a value: the field is required');
  const agentId = agentOf(identity, spaceOf(deps, identity, fields), fields);
  const held = await isHeld(deps.bus, identity, { callId, agentId });
  await agentCommand(deps, identity, { command: held ? 'resume' : 'hold', callId, agentId });
  return ok;
}

async function callContact(deps: Deps, identity: Identity, fields: Fields): Promise<object> {
  const space = spaceOf(deps, identity, fields);
  const campaign = campaignOf(identity, space, fields);
  requiredText(fields, 'idAgent', 'idAgente');
  const agentId = agentOf(identity, space, fields);
  if (!worksOn(campaign, agentId)) refuse('idAgent', `expected an agent who works on the campaign "${campaign.id}"`);
  const made = await makeCall(deps, identity, {
    externalSystem: space.system,
    agentId: textOf(fields, 'idAgent', 'idAgente'),
    campaignId: textOf(fields, 'idCampaign'),
    contactId: textOf(fields, 'idContact', 'idContacto'),
    to: requiredText(fields, 'phone'),
  });
  return { ...ok, call_id: made.callId };
}

async function callOutside(deps: Deps, identity: Identity, fields: Fields): Promise<object> {
  const space = spaceOf(deps, identity, fields);
  const agentId = agentOf(identity, space, fields) ?? refuse('idAgent', 'expected a value: whoever asks is no agent');
  const made = await makeCall(deps, identity, { agentId, to: outsideNumber(space, fields) });
  return { ...ok, message: 'the call has begun', call_id: made.callId };
}

function outsideNumber(space: IdSpace, fields: Fields): string {
  const type = requiredText(fields, 'destination_type');
  const destination = requiredText(fields, 'destination');
  if (type === 'EXTERNAL') return destination;
  if (type !== 'AGENT') return refuse('destination_type', 'expected AGENT or EXTERNAL');
  const agent = agentIn(space, destination);
  // The id of an agent is his extension.
  return agent.ok ? agent.value.id : refuse('destination', `expected ${agent.expected}`);
}

const callIdOf = (fields: Fields): string | undefined => {
  const given = textOf(fields, 'callid');
  if (given === undefined || token.safeParse(given).success) return given;
  return refuse('callid', 'expected the id of the call as it was told to the CRM');
};

interface AgentCall {
  readonly callId: string;
  readonly agentId: string | undefined;
}

/** Whether the agent holds the call, by the last that was told of it. */
async function isHeld({ jsm }: Bus, { tenantId }: Identity, { callId, agentId }: AgentCall): Promise<boolean> {
  const { entity, event } = events.sessionChanged;
  const subject = subjects.event(tenantId, entity, callId, event);
  const last = await jsm.streams.getMessage(streams.sessionEvents.name, { last_by_subj: subject });
  const parsed = last === null ? undefined : parseEvent(last.json());
  if (parsed?.ok !== true || parsed.event.type !== events.sessionChanged.type) return false;
  const { interactions } = parsed.event.data.session;
  return interactions.some(({ state, agent }) => state === 'held' && agent.agentId === agentId);
}
