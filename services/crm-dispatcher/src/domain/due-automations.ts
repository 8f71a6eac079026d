import { type DueAutomation, dueAutomation, dueAutomationsKey, type SessionChanged } from '@patchcord/contracts';
import { defined } from './defined.ts';
import type { Happening } from './happenings.ts';

/** A passage of a call through a module that has an automation. */
export interface Passage {
  readonly automation: string;
  /** What the flow waits for, where it does. */
  readonly run?: string;
  readonly happening: Happening;
}

/** The automations that a flow came by with the step that this change tells of. */
export function passagesOfChange({ cause, session, written }: SessionChanged['data']): Passage[] {
  if (written?.by.kind !== 'flow' || !written.names.includes(dueAutomationsKey)) return [];
  const due: unknown = session.data?.[dueAutomationsKey];
  if (!Array.isArray(due)) return [];
  return due.flatMap((one: unknown) => {
    const parsed = dueAutomation.safeParse(one);
    return parsed.success ? [passage(parsed.data, { cause, session })] : [];
  });
}

function passage(
  { automation, module, position, occurrence }: DueAutomation,
  { cause, session }: Pick<SessionChanged['data'], 'cause' | 'session'>,
): Passage {
  const { tenantId, callId } = session;
  return {
    automation,
    ...defined({ run: position === 'action' ? occurrence : undefined }),
    happening: {
      tenantId,
      event: 'flow.passed',
      at: cause.time,
      callId,
      session,
      identity: { callId, occurrence },
      entry: `flow.${occurrence}`,
      values: { module, position },
      depth: 0,
    },
  };
}
