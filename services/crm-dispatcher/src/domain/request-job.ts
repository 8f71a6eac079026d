import type { RequestJob } from '@patchcord/contracts';
import { renderServerRequest, type SiteFacts } from '@patchcord/expressions';
import { defined } from './defined.ts';
import type { Firing } from './firings.ts';

/** The work of a firing that we send ourselves. These bytes are what is sent, however often and whatever changes. */
export function requestJob(firing: Firing, facts: SiteFacts): RequestJob {
  const rendered = renderServerRequest(firing.site, firing.parameters, facts);
  if (!rendered.ok) return unsendableJob(firing, rendered);
  const { method, url, headers, body } = rendered.value;
  return { ...common(firing), method, url, headers, ...defined({ body }) };
}

/** Dead as soon as it is looked at, and visible to people like any other dead work. */
export function unsendableJob(
  firing: Firing,
  problem: { readonly parameter: string; readonly message: string },
): RequestJob {
  const { parameter, message } = problem;
  // What stands in a URL is known by its braces only.
  const named = parameter.startsWith('{') ? `${parameter}: ${message}` : message;
  // Without its query: what stands in place of a placeholder there would not be a URL.
  const url = new URL(firing.site.url.replace(/[?#].*$/s, '')).href;
  return { ...common(firing), method: firing.site.method, url, headers: {}, unsendable: { parameter, message: named } };
}

function common({ workId, site, occasion }: Firing) {
  const { tenantId, callId, identity, cause, occurredAt } = occasion;
  return {
    kind: 'request',
    workId,
    tenantId,
    ...defined({ callId, interactionId: identity.interactionId }),
    destination: { kind: 'site', id: site.id },
    cause,
    occurredAt,
    series: 1,
  } as const;
}
