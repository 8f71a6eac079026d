import type { CallLogging, CallRecord } from '@patchcord/contracts';

/** `record`: with what may go along, and no more. `why`: for the people who look for it in the CRM. */
export type LoggedCall =
  | { readonly logged: true; readonly record: CallRecord }
  | { readonly logged: false; readonly why: string };

/** Whether a call is logged by a connection, and what of it. The only place where that is decided. */
export function loggedCall(record: CallRecord, logging: CallLogging): LoggedCall {
  const why = [whyNotItsKind, whyNotItsAgent, whyNotItsCampaign]
    .map((reason) => reason(record, logging))
    .find((reason) => reason !== undefined);
  return why === undefined ? { logged: true, record: told(record, logging) } : { logged: false, why };
}

/** A record with what goes along of it, whether or not calls of its kind are logged. */
export function told(record: CallRecord, { notes, summary, recording, digits }: CallLogging): CallRecord {
  const { disposition } = record;
  return {
    ...record,
    ...(notes || disposition === undefined ? {} : { disposition: withoutComments(disposition) }),
    summary: summary ? withoutLines(record, { recording, digits }) : '',
    recordings: recording ? record.recordings : [],
    digits: digits ? record.digits : '',
  };
}

function whyNotItsKind({ outcome, direction = 'inbound' }: CallRecord, logging: CallLogging): string | undefined {
  // A call that was merged is told as one that failed.
  const became = outcome === 'merged' ? 'failed' : outcome;
  if (!logging.outcomes.includes(became)) return `calls that were ${became} are not logged here`;
  if (!logging.directions.includes(direction)) return `${direction} calls are not logged here`;
  return undefined;
}

function whyNotItsAgent({ agent }: CallRecord, { agents }: CallLogging): string | undefined {
  if (agents === 'all') return undefined;
  if (agent === undefined) return 'only calls of some agents are logged here, and no agent took it';
  return agents.includes(agent.agentId) ? undefined : `calls of agent "${agent.agentId}" are not logged here`;
}

function whyNotItsCampaign({ campaignId }: CallRecord, { campaigns }: CallLogging): string | undefined {
  if (campaigns === 'all') return undefined;
  if (campaignId === undefined) return 'only calls of some campaigns are logged here, and it is of none';
  return campaigns.includes(campaignId) ? undefined : `calls of campaign "${campaignId}" are not logged here`;
}

function withoutComments(disposition: NonNullable<CallRecord['disposition']>): CallRecord['disposition'] {
  const { comments: _, ...rest } = disposition;
  return rest;
}

/** The summary says them too, a line each, also those of the call's other parts; see `renderCall`. */
function withoutLines(
  { summary }: CallRecord,
  { recording, digits }: Pick<CallLogging, 'recording' | 'digits'>,
): string {
  if (recording && digits) return summary;
  const tells = (line: string): boolean =>
    (!digits && /^\s*the caller pressed /.test(line)) || (!recording && /^\s*recording .* of leg /.test(line));
  return summary
    .split('\n')
    .filter((line) => !tells(line))
    .join('\n');
}
