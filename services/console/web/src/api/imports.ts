import type { ContactImport, ContactImportReport } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { ask } from './client.ts';

/** How often it is asked how far an import is (ms). */
const everyMs = 700;

/** The last imports, newest first; asked again and again while `isFollowed` or one of them is under way. */
export const useImports = (isFollowed = false) =>
  useQuery({
    queryKey: ['imports'],
    queryFn: async () => (await ask<{ imports: ContactImport[] }>('/v1/imports')).imports,
    refetchInterval: ({ state: { data } }) =>
      isFollowed || data?.some(({ state }) => state === 'running') === true ? everyMs : false,
  });

/** One import that is over, with the lines that were refused. */
export const useImportReport = (importId: string, isOver: boolean) =>
  useQuery({
    queryKey: ['import-report', importId],
    queryFn: () => ask<ContactImportReport>(`/v1/imports/${encodeURIComponent(importId)}`),
    enabled: isOver,
  });

/** Names an import before it begins. `randomUUID` is missing where the page came without encryption. */
export const newImportId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
