import type {
  Automation,
  DispatchJob,
  Session,
  SessionChanged,
  SessionChanges,
  TenantConfig,
  VariablesJob,
} from '@patchcord/contracts';
import { automationJob, type PlannedJob, skippedJob } from './automation-jobs.ts';
import { type AutomationRun, automationWorkId, scopeOf, whyNot } from './automation-runs.ts';
import { type Passage, passagesOfChange } from './due-automations.ts';
import { type Happening, happeningsOfChange } from './happenings.ts';

/** What is to be done, in the order in which it is begun. */
export interface AutomationPlan {
  readonly jobs: readonly DispatchJob[];
  /** What flows that wait are told of automations that do nothing. */
  readonly outcomes: readonly VariablesJob[];
  /** What people should know of; without values. */
  readonly notes: readonly { readonly automation: string; readonly note: string }[];
}

const nothing: AutomationPlan = { jobs: [], outcomes: [], notes: [] };

/** When we heard of what happened (ms since 1970), by our own clock. */
interface Heard {
  readonly config: TenantConfig;
  readonly heardAt: number;
}

/** The work that automations make of a change of a call. Told again it is the same work. Never throws. */
export function planOfChange(change: SessionChanged['data'], heard: Heard): AutomationPlan {
  if (heard.config.automation.size === 0) return nothing;
  const moments = happeningsOfChange(change);
  const written = moments.filter(({ event }) => event === 'session.written');
  const passages = passagesOfChange(change);
  const groups = moments.filter(({ event }) => event !== 'session.written').map((one) => ({ happenings: [one] }));
  return planOf([...groups, { happenings: written, passages }], heard);
}

/** The work that automations make of anything else that happens. Told again it is the same work. Never throws. */
export const planOfHappening = (happening: Happening, heard: Heard): AutomationPlan =>
  heard.config.automation.size === 0 ? nothing : planOf([{ happenings: [happening] }], heard);

/** What happens at once: the automations of all of it are begun in the order of their priority. */
interface Group {
  readonly happenings: readonly Happening[];
  readonly passages?: readonly Passage[];
}

interface SetOff {
  readonly automation: Automation;
  readonly happening: Happening;
  readonly waitedFor?: string | undefined;
}

function planOf(groups: readonly Group[], heard: Heard): AutomationPlan {
  const jobs: DispatchJob[] = [];
  const outcomes: VariablesJob[] = [];
  const notes: { automation: string; note: string }[] = [];
  let written: SessionChanges = {};
  for (const group of groups) {
    const all = setOffBy(group, heard.config, (automation) =>
      notes.push({ automation, note: 'there is none of this id' }),
    );
    for (const one of all.toSorted(byPriority)) {
      const planned = plannedOne(one, written, heard);
      notes.push(...planned.notes.map((note) => ({ automation: one.automation.id, note })));
      if (planned.skipped !== undefined) outcomes.push(planned.skipped);
      if (planned.job === undefined) continue;
      jobs.push(planned.job);
      if (planned.job.kind === 'variables') written = { ...written, ...planned.job.changes };
    }
  }
  return { jobs, outcomes, notes };
}

const byPriority = ({ automation: a }: SetOff, { automation: b }: SetOff): number =>
  b.priority - a.priority || (a.id < b.id ? -1 : Number(a.id > b.id));

function setOffBy(
  { happenings, passages = [] }: Group,
  config: TenantConfig,
  onUnknown: (automation: string) => void,
): SetOff[] {
  const all = [...config.automation.values()];
  const global = happenings.flatMap((happening) =>
    all
      .filter(({ on }) => on.some((event) => event === happening.event))
      .map((automation) => ({ automation, happening })),
  );
  const local = passages.flatMap(({ automation: id, happening, run }) => {
    const automation = config.automation.get(id);
    if (automation === undefined) onUnknown(id);
    return automation === undefined ? [] : [{ automation, happening, waitedFor: run }];
  });
  return [...global, ...local];
}

interface Planned extends PlannedJob {
  readonly skipped?: VariablesJob | undefined;
}

function plannedOne({ automation, happening, waitedFor }: SetOff, written: SessionChanges, heard: Heard): Planned {
  const { config, heardAt } = heard;
  const session = withWritten(happening.session, written);
  const { giveUpAfterSeconds } = automation;
  const run: AutomationRun = {
    config,
    automation,
    happening,
    session,
    scope: scopeOf(config, happening, session),
    waitedFor,
    workId: automationWorkId(automation, happening),
    notAfter:
      giveUpAfterSeconds === undefined ? undefined : new Date(heardAt + giveUpAfterSeconds * 1000).toISOString(),
  };
  if (whyNot(automation, run) === undefined) return automationJob(run);
  return { notes: [], skipped: skippedJob(run) };
}

/** The call with what those before wrote into it. */
function withWritten(session: Session | undefined, written: SessionChanges): Session | undefined {
  if (session === undefined || Object.keys(written).length === 0) return session;
  const entries = Object.entries({ ...session.data, ...written }).filter(([, value]) => value !== null);
  return { ...session, data: Object.fromEntries(entries) };
}
