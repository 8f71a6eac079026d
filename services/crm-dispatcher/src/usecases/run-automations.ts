import type { ConfigStore } from '@patchcord/bus';
import type { SessionChanged } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import { type AutomationPlan, planOfChange, planOfHappening } from '../domain/automations.ts';
import type { Happening } from '../domain/happenings.ts';
import type { TracedJob, TracedOutcome } from './enqueue-jobs.ts';

export interface RunAutomationsOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly log: Logger;
}

/** When we heard of it (ms since 1970), and the trace it belongs to. */
interface Heard {
  readonly heardAt: number;
  readonly traceparent: string | undefined;
}

type Work = (TracedJob | TracedOutcome)[];

/** The work that automations make of what happens. Nothing is waited for. */
export interface RunAutomations {
  ofChange(change: SessionChanged['data'], heard: Heard): Work;
  ofHappening(happening: Happening, heard: Heard): Work;
}

export function createRunAutomations({ config, log }: RunAutomationsOptions): RunAutomations {
  const traced = ({ jobs, outcomes, notes }: AutomationPlan, of: Of, { traceparent }: Heard): Work => {
    for (const { automation, note } of notes) log.info({ ...of, automation, note }, 'automation');
    return [...jobs.map((job) => ({ job, traceparent })), ...outcomes.map((outcome) => ({ outcome, traceparent }))];
  };
  return {
    ofChange: (change, heard) => {
      const { tenantId, callId } = change.session;
      return traced(planOfChange(change, { config: config.tenant(tenantId), ...heard }), { tenantId, callId }, heard);
    },
    ofHappening: (happening, heard) => {
      const { tenantId, callId } = happening;
      return traced(
        planOfHappening(happening, { config: config.tenant(tenantId), ...heard }),
        { tenantId, callId },
        heard,
      );
    },
  };
}

interface Of {
  readonly tenantId: string;
  readonly callId: string | undefined;
}
