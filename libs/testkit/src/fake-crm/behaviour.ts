import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';

/** What the CRM does instead of what it would. Without a status it only delays. */
export interface ScriptedBehaviour {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
  /** Answers so much later. */
  readonly delayMs?: number;
  /** Takes the request and never answers. */
  readonly hang?: boolean;
  /** Breaks the connection instead of answering. */
  readonly reset?: boolean;
  /** For so many requests; for all without it. */
  readonly times?: number;
}

export interface Script {
  readonly add: (pathPrefix: string, behaviour: ScriptedBehaviour) => void;
  readonly clear: () => void;
  /** The behaviour for a request to this path: the oldest that is not used up. */
  readonly next: (path: string) => ScriptedBehaviour | undefined;
}

export function createScript(): Script {
  const lines: { pathPrefix: string; behaviour: ScriptedBehaviour; left: number }[] = [];
  return {
    add: (pathPrefix, behaviour) =>
      void lines.push({ pathPrefix, behaviour, left: behaviour.times ?? Number.POSITIVE_INFINITY }),
    clear: () => void lines.splice(0),
    next: (path) => {
      const line = lines.find((candidate) => candidate.left > 0 && path.startsWith(candidate.pathPrefix));
      if (line !== undefined) line.left -= 1;
      return line?.behaviour;
    },
  };
}

/** Acts out a behaviour. Returns whether it answered, or never will. */
export async function perform(behaviour: ScriptedBehaviour, reply: FastifyReply): Promise<boolean> {
  if (behaviour.delayMs !== undefined) await sleep(behaviour.delayMs);
  if (behaviour.hang === true || behaviour.reset === true) {
    reply.hijack();
    if (behaviour.reset === true) reply.raw.destroy();
    return true;
  }
  if (behaviour.status === undefined && behaviour.body === undefined) return false;
  await reply
    .code(behaviour.status ?? 200)
    .headers(behaviour.headers ?? {})
    .send(behaviour.body ?? {});
  return true;
}
