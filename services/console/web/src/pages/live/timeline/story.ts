import type { Delivery, DispositionEntry, Memorialized } from '@patchcord/contracts';

type Values = Readonly<Record<string, unknown>>;

/** One thing that happened, as `GET /v1/calls/{callId}/timeline` tells it. */
export type Entry = { readonly at: string; readonly traceId?: string } & (
  | { readonly kind: 'event'; readonly name: string; readonly data: Values; readonly before?: Values }
  | { readonly kind: 'decision'; readonly ruleId: string; readonly decision: Decision }
  | WorkflowEntry
  | { readonly kind: 'disposition'; readonly entry: DispositionEntry }
  | { readonly kind: 'memorialization'; readonly memorialized: Memorialized }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
);

export interface WorkflowEntry {
  readonly kind: 'workflow';
  readonly workflowId: string;
  readonly outcome: 'found' | 'several' | 'none' | 'done' | 'failed' | 'timeout';
  readonly code?: string;
  readonly durationMs?: number;
  readonly message?: string;
  readonly records: readonly { readonly module: string; readonly id: string }[];
  readonly fields: readonly { readonly field: string; readonly outcome: string }[];
}

export interface Decision {
  readonly destination?: { readonly type?: string; readonly target?: string };
  readonly outcome?: string;
  readonly row?: number;
  readonly value?: string;
  readonly reason?: string;
  readonly durationMs?: number;
}

export interface Story {
  readonly entries: readonly Entry[];
  readonly missing: readonly ('dispositions' | 'deliveries' | 'memorializations' | 'workflows')[];
}

/** What people choose from: an event that changes values of the session is of another kind to them. */
export const groups = ['call', 'session', 'decision', 'workflow', 'delivery', 'afterCall'] as const;
export type Group = (typeof groups)[number];

export function groupOf(entry: Entry): Group {
  if (entry.kind === 'decision' || entry.kind === 'workflow' || entry.kind === 'delivery') return entry.kind;
  if (entry.kind !== 'event') return 'afterCall';
  return entry.before === undefined ? 'call' : 'session';
}
