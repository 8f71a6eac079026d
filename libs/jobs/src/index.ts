export type { Flow, FlowJob } from './flow.ts';
export { createJobs, type Jobs, type JobsOptions } from './jobs.ts';
export type { JobsLog } from './log.ts';
export type {
  AddOptions,
  JobQueue,
  JobRef,
  JobState,
  JobView,
  NewJob,
  QueueDepth,
  QueuePolicy,
  ReplayOutcome,
} from './queue.ts';
export { type Settlement, settle } from './settle.ts';
export type { AttemptContext, JobWorker, RetryNotice, WorkerOptions } from './worker.ts';
