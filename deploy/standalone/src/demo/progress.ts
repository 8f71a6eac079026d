import type { AnyEvent } from '@patchcord/contracts';
import type { SeenRequest } from '@patchcord/testkit';

/** What the demo waits for: with all of it, a call has gone through the whole house. */
export interface Progress {
  readonly routed: boolean;
  readonly shown: boolean;
  readonly ended: boolean;
  readonly posted: boolean;
  readonly disposed: boolean;
  readonly recorded: boolean;
}

export const nothingYet: Progress = {
  routed: false,
  shown: false,
  ended: false,
  posted: false,
  disposed: false,
  recorded: false,
};

const said: Readonly<Record<keyof Progress, string>> = {
  routed: 'a routing decision by the answer of the CRM',
  shown: "the customer's card on the agent's screen",
  ended: 'the end of the call',
  posted: 'the server-trigger POST at the CRM',
  disposed: 'the disposition at the CRM',
  recorded: 'the after-call record at the CRM',
};

/** What is still missing, as people say it. */
export const missing = (progress: Progress): string[] =>
  (Object.keys(said) as (keyof Progress)[]).filter((key) => !progress[key]).map((key) => said[key]);

/** What an event of the call adds. */
export const afterEvent = (progress: Progress, event: AnyEvent): Progress =>
  event.type === 'patchcord.v1.call.ended' ? { ...progress, ended: true } : progress;

/** What a request at the CRM adds. */
export function afterRequest(progress: Progress, { path }: Pick<SeenRequest, 'path'>): Progress {
  if (path.startsWith('/customers/')) return { ...progress, shown: true };
  if (path === '/hooks/disposition') return { ...progress, disposed: true };
  if (path.startsWith('/hooks/')) return { ...progress, posted: true };
  if (path.startsWith('/call-records/')) return { ...progress, recorded: true };
  return progress;
}
