import type { Publisher } from '@patchcord/bus';
import { type CardResultRequest, memorializationStepResult } from '@patchcord/contracts';
import { memorializedEvent, memorializedOnCard } from '../domain/memorialized.ts';
import type { MemorializedJob } from '../jobs/catalog.ts';

export interface TellMemorializedOptions {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** What people call the memorialization. */
  readonly nameOf: (tenantId: string, memorializationId: string) => string;
  /** Must be idempotent by the run's id. */
  readonly tellCard: (result: CardResultRequest) => Promise<unknown>;
  readonly now: () => number;
}

/** Tells what became of a memorialization, once all its steps are done. Twice leaves what once does. */
export type TellMemorialized = (job: MemorializedJob, results: readonly unknown[]) => Promise<void>;

export function createTellMemorialized(options: TellMemorializedOptions): TellMemorialized {
  const { publisher, nameOf, tellCard, now } = options;
  return async ({ kind: _kind, ...job }, results) => {
    const steps = results.flatMap((result) => memorializationStepResult.safeParse(result).data ?? []);
    const happened = { ...job, steps };
    await publisher.publish(memorializedEvent(happened, now()));
    const onCard = memorializedOnCard(happened, nameOf(job.tenantId, job.memorializationId), now());
    if (onCard !== undefined) await tellCard(onCard);
  };
}
