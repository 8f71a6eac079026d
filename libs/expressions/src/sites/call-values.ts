import type { Interaction, Recording, Session } from '@patchcord/contracts';
import type { SiteFacts } from './facts.ts';

/** The agent's part of the call that it is about: the one named, or the last that was answered. */
export function partOf({ interaction, session, agent }: SiteFacts): Interaction | undefined {
  if (interaction !== undefined) return interaction;
  const answered = session?.interactions.filter(({ answeredAt }) => answeredAt !== undefined);
  return answered?.findLast((part) => agent === undefined || part.agent.agentId === agent.id);
}

/** The agent it is about, by what the configuration knows and else by what the PBX said. */
export function agentOf(facts: SiteFacts): SiteFacts['agent'] {
  const said = partOf(facts)?.agent;
  const { agent } = facts;
  if (agent === undefined) return said && { id: said.agentId, ...(said.name === undefined ? {} : { name: said.name }) };
  const name = agent.name ?? (said?.agentId === agent.id ? said.name : undefined);
  return { ...agent, ...(name === undefined ? {} : { name }) };
}

/** The agent's id in the external system of the campaign. */
export function agentExternalId(facts: SiteFacts): string | undefined {
  const { external } = facts.campaign;
  const ids = agentOf(facts)?.externalIds;
  return external === undefined || ids === undefined || !Object.hasOwn(ids, external.system)
    ? undefined
    : ids[external.system];
}

/** The number of whoever is not the agent. */
export const otherNumber = ({ session }: SiteFacts): string | undefined =>
  session?.direction === 'outbound' ? (session.dnis ?? session.ani) : session?.ani;

/** The recording of the agent's part, or else the last of the call. */
export function recordingOf(facts: SiteFacts): Recording | undefined {
  const legId = partOf(facts)?.legId;
  const recordings = facts.session?.recordings ?? [];
  return recordings.findLast((one) => one.legId === legId) ?? recordings.at(-1);
}

/** The last part of a location, which is a path (with either slash) or a URL. */
export function recordingFileName({ location }: Recording): string {
  const isUrl = isHttpUrl(location);
  const path = isUrl ? new URL(location).pathname : location;
  const name = path.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  return isUrl ? decoded(name) : name;
}

export const isHttpUrl = (location: string): boolean => /^https?:\/\//i.test(location) && URL.canParse(location);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const lastVisit = ({ session }: SiteFacts): Session['queues'][number] | undefined => session?.queues.at(-1);

/** From the first event of the call to its end (ms). */
export function durationMs({ session }: SiteFacts): number | undefined {
  if (session?.offeredAt === undefined || session.endedAt === undefined) return undefined;
  return Math.max(0, Date.parse(session.endedAt) - Date.parse(session.offeredAt));
}

export const inSeconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.round(ms / 1000);
