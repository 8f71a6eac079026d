import { z } from 'zod';
import { siteTargets } from './config/external-site.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });
const field = z.tuple([z.string(), z.string()]);

/** What the agent's browser does. None of it holds a secret. */
export const popAction = z.discriminatedUnion('kind', [
  /** Shows an address. Of a site with an authentication it is our own, signed and short-lived. */
  z.object({ kind: z.literal('navigate'), url: z.url() }),
  /** Submits a form with these fields, in their order. */
  z.object({
    kind: z.literal('form'),
    method: z.literal('POST'),
    url: z.url(),
    enctype: z.enum(['multipart/form-data', 'application/x-www-form-urlencoded', 'text/plain']),
    fields: z.array(field),
  }),
  /** Sends a request in the background; the site must allow it (CORS) unless it is our own signed address. */
  z.object({
    kind: z.literal('request'),
    method: z.enum(['POST', 'PUT', 'PATCH']),
    url: z.url(),
    contentType: z.string(),
    body: z.string(),
  }),
]);
export type PopAction = z.infer<typeof popAction>;

/** An external site that one agent's browser shows or calls because of one call. */
export const screenPop = z.object({
  /** The piece of work: the same firing again is the same pop. */
  popId: z.string().min(1),
  tenantId: token,
  agentId: token,
  /** Absent for a disposition outside a call. */
  callId: token.optional(),
  interactionId: token.optional(),
  campaignId: token,
  site: z.object({ id: token, name: z.string() }),
  /** `agent`: a button that waits to be pressed; the others act by themselves. */
  trigger: z.enum(['agent', 'automatic', 'disposition']),
  target: z.enum(siteTargets),
  action: popAction,
  /** The contact this is about; several when the number fits several, and then none was chosen. */
  contacts: z.array(z.object({ contactId: token, name: z.string().optional() })).max(50),
  createdAt: instant,
  /** Not shown any more after this. */
  expiresAt: instant,
});
export type ScreenPop = z.infer<typeof screenPop>;

/** What is pushed on `patchcord.v1.ui.<tenant>.agent.<agentId>.screen-pop`. */
export const screenPopNews = z.discriminatedUnion('news', [
  z.object({ news: z.literal('offered'), pop: screenPop }),
  z.object({
    news: z.literal('withdrawn'),
    popId: z.string(),
    reason: z.enum(['answered-elsewhere', 'missed', 'transferred', 'ended']),
  }),
]);
export type ScreenPopNews = z.infer<typeof screenPopNews>;

/** Whether a browser shows the page of a pop in a frame; `unknown`: the site did not say. */
export const frameCheck = z
  .object({
    outcome: z.enum(['allowed', 'refused', 'unknown']),
    reason: z.enum(['x-frame-options', 'frame-ancestors', 'mixed-content', 'no-answer']).optional(),
  })
  .meta({
    id: 'FrameCheck',
    description: "Whether a browser shows the page of a screen pop within the console's own.",
  });
export type FrameCheck = z.infer<typeof frameCheck>;

export const frameCheckRequest = z.object({
  tenantId: token,
  agentId: token,
  popId: z.string().min(1),
  /** Of the page that wants to show it. */
  origin: z.url({ protocol: /^https?$/ }),
});
export type FrameCheckRequest = z.infer<typeof frameCheckRequest>;
