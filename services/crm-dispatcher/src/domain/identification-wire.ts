import { Failure, type Identification, type IdentifyRequest, parseJson } from '@patchcord/contracts';
import { type EgressRequest, mergeHeaders } from '@patchcord/egress';
import { z } from 'zod';

type Caller = Pick<IdentifyRequest, 'digits' | 'callId' | 'ani' | 'dnis'>;

/**
 * The question as OMniLeads sends it, by its documentation and its dialplan (`CURL(url,idContact=…)` with the user agent
 * set): a form of one field. `full` adds who calls whom.
 */
export function identificationRequest(
  { url = '', headers, send, egress, tls }: Identification,
  { digits, callId, ani, dnis }: Caller,
  timeoutMs: number,
): EgressRequest {
  const fields = { idContact: digits, ...(send === 'full' ? { caller: ani, called: dnis, call_id: callId } : {}) };
  const known = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return {
    method: 'POST',
    url,
    headers: mergeHeaders({ accept: '*/*', ...(send === 'exact' ? { 'user-agent': 'OMniLeads' } : {}) }, headers, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
    body: new URLSearchParams(known).toString(),
    timeoutMs,
    policy: egress,
    tls,
  };
}

export type IdentificationAnswer =
  | { readonly outcome: 'answered'; readonly status: 'ok' | 'fail'; readonly destination: string }
  | { readonly outcome: 'failed'; readonly failure: Failure };

const word = z.string().transform((text) => text.trim().toLowerCase());
const answer = z.object({
  status: word.pipe(z.enum(['ok', 'fail'])),
  destination: z.union([z.string(), z.boolean(), z.number()]).nullish(),
});
const longestDestination = 256;

/** Reads `{"status": "ok", "destination": "true"}`. The content type is not looked at: services say what they like. */
export function readIdentificationAnswer(body: string): IdentificationAnswer {
  const parsed = answer.safeParse(parseJson(body.replace(/^\uFEFF/, '')));
  if (!parsed.success) return unreadable();
  const { status, destination } = parsed.data;
  const said = String(destination ?? '').trim();
  return said.length > longestDestination ? unreadable() : { outcome: 'answered', status, destination: said };
}

const unreadable = (): IdentificationAnswer => ({
  outcome: 'failed',
  failure: new Failure(
    'permanent',
    'answer_unreadable',
    'the service answered something else than {"status": "ok" or "fail", "destination": "true", "false" or "X,Y"}',
  ),
});
