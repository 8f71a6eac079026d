import type { Bus } from '@patchcord/bus';
import { parseJson, subjects } from '@patchcord/contracts';
import type { Logger, Part } from '@patchcord/runtime';
import { z } from 'zod';
import type { TokenUses } from '../adapters/token-uses.ts';

const use = z.object({ at: z.iso.datetime() });
const minuteLength = 'YYYY-MM-DDTHH:MM'.length;
/** More tokens than that in a minute are written as often as they are told. */
const maxRemembered = 10_000;

interface Dependencies {
  readonly bus: Bus;
  readonly uses: TokenUses;
  readonly log: Logger;
}

/**
 * Stores what every service tells of the use of API tokens. Several processes tell of the same token: one write of a
 * token a minute. What cannot be stored is dropped; the next minute tells it again.
 */
export function createTokenUsePart({ bus, uses, log }: Dependencies): Part {
  let minute = '';
  const written = new Set<string>();
  const note = async (subject: string, at: string): Promise<void> => {
    const [, , , tenantId = '', , tokenId = ''] = subject.split('.');
    const current = at.slice(0, minuteLength);
    if (current !== minute || written.size > maxRemembered) written.clear();
    minute = current;
    if (written.has(subject)) return;
    written.add(subject);
    await uses.note(tenantId, tokenId, at);
  };
  let stop = (): void => undefined;
  return {
    name: 'token-use',
    start: async () => {
      const subscription = bus.nc.subscribe(subjects.tokensUsed, {
        queue: 'console',
        callback: (_error, message) => {
          const parsed = use.safeParse(parseJson(message.string()));
          if (!parsed.success) return;
          note(message.subject, parsed.data.at).catch((err: unknown) => log.debug({ err }, 'a use was not stored'));
        },
      });
      stop = () => subscription.unsubscribe();
    },
    stop: async () => stop(),
  };
}
