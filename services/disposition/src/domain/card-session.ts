import type { Session } from '@patchcord/contracts';
import { type CardRef, type CardState, changed, emptyCard } from './card.ts';
import { customerOf } from './card-person.ts';

interface CardRules {
  /** Where national numbers are dialled (ISO 3166). */
  readonly region: string;
  readonly campaignId: string | undefined;
  /** ms since epoch. */
  readonly now: number;
}

/** Agents whom it concerns: those who took it, and, while it goes on, those whose phone rings. */
function agentsIn({ interactions, state }: Session): string[] {
  const concerned = interactions.filter(
    (one) => one.answeredAt !== undefined || (one.state === 'ringing' && state !== 'ended'),
  );
  return [...new Set(concerned.map(({ agent }) => agent.agentId))].sort();
}

/** A conversation gets a card when it is offered to an agent. That of one agent with another is about nobody. */
const opensCard = (session: Session): boolean => agentsIn(session).length > 0 && session.direction !== 'internal';

/** What a snapshot of a conversation means for its card. An older one, and the same again, change nothing. */
export function observeOnCard(
  ref: CardRef,
  before: CardState | undefined,
  session: Session,
  { region, campaignId, now }: CardRules,
): CardState | undefined {
  if (before === undefined && !opensCard(session)) return undefined;
  const state = before ?? emptyCard(ref, now);
  const heard = Object.hasOwn(state.sessions, session.callId) ? state.sessions[session.callId] : undefined;
  if (heard !== undefined && heard.version >= session.version) return before;
  const entry = { version: session.version, agents: agentsIn(session), over: session.state === 'ended' };
  const {
    customer = state.customer,
    number = state.number,
    email = state.email,
    persons,
  } = customerOf(session, region);
  const isOwn = session.callId === state.cardId;
  const after: CardState = {
    ...state,
    ...(isOwn ? { channel: session.channel ?? 'voice' } : {}),
    sessions: { ...state.sessions, [session.callId]: entry },
    ...said({ campaignId: campaignId ?? state.campaignId }),
    ...(isOwn
      ? said({ customer, number, email })
      : said({
          customer: state.customer ?? customer,
          number: state.number ?? number,
          email: state.email ?? email,
        })),
    persons: [...new Set([...state.persons, ...persons])].sort(),
  };
  // News of nothing but a further version of the session are no news.
  return sameBut(heard, entry) && sameOtherwise(state, after) ? after : changed(state, after, now);
}

type Heard = CardState['sessions'][string];

const sameBut = (heard: Heard | undefined, entry: Heard): boolean =>
  heard !== undefined && JSON.stringify({ ...heard, version: 0 }) === JSON.stringify({ ...entry, version: 0 });

const sameOtherwise = ({ sessions: _a, ...one }: CardState, { sessions: _b, ...other }: CardState): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Without what nobody said. */
function said<Fields extends Record<string, string | undefined>>(fields: Fields): { [Key in keyof Fields]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: string;
  };
}
