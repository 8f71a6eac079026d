import type { CardActivity } from '@patchcord/contracts';

const mostActivities = 50;

/** By how much they say. An answer may come after it was given up. */
const outcomes = ['running', 'timeout', 'failed', 'unable', 'found', 'written'] as const;

/** The newest first, each run once. */
export function activitiesOf(all: readonly CardActivity[]): CardActivity[] {
  const byRun = new Map<string, CardActivity>();
  for (const activity of all) {
    const before = byRun.get(activity.runId);
    byRun.set(activity.runId, before === undefined ? activity : better(before, activity));
  }
  return [...byRun.values()].sort(newestFirst).slice(0, mostActivities);
}

const newestFirst = (a: CardActivity, b: CardActivity): number =>
  a.at === b.at ? (a.runId < b.runId ? -1 : 1) : a.at < b.at ? 1 : -1;

function better(one: CardActivity, other: CardActivity): CardActivity {
  const more = outcomes.indexOf(one.outcome) - outcomes.indexOf(other.outcome);
  const [said, less] = more > 0 || (more === 0 && one.text >= other.text) ? [one, other] : [other, one];
  return { ...said, at: [said.at, less.at].sort()[0] ?? said.at };
}
