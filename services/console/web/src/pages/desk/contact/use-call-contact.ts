import type { Contact } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '../../../api/client.ts';
import { deskPath } from '../use-agent-state.ts';

/** Whom a call may be about, as the API tells it. */
export interface CallContacts {
  readonly database?: {
    readonly id: string;
    readonly name: string;
    readonly columns: readonly string[];
    readonly phoneColumns: readonly string[];
  };
  readonly number?: string;
  readonly contact?: Contact;
  readonly candidates: readonly Contact[];
}

/** Whom a call is about; `choose` and `add` say so. */
export function useCallContact(agentId: string, callId: string) {
  const client = useQueryClient();
  const queryKey = ['call-contact', agentId, callId];
  const path = `${deskPath(agentId)}/calls/${encodeURIComponent(callId)}/contact`;
  const read = useQuery({
    queryKey,
    // A call that is this young may not have been stored yet; one that is long over is about nobody we know.
    queryFn: () => ask<CallContacts>(path).catch(noneIfGone),
    staleTime: 30_000,
  });
  const again = { onSuccess: () => client.invalidateQueries({ queryKey }) };
  const choose = useMutation({
    mutationFn: (contactId: string) => ask(path, { method: 'PUT', body: { contactId } }),
    ...again,
  });
  const add = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) => ask(path, { method: 'POST', body: { values } }),
    ...again,
  });
  return { read, choose, add };
}

function noneIfGone(error: unknown): CallContacts {
  if (error instanceof ApiError && error.status === 404) return { candidates: [] };
  throw error;
}

const nameColumn = /^(full[ _-]?name|name|nombre|nom|first[ _-]?name|apellido|last[ _-]?name)$/i;

/** What a contact is called: its columns that look like a name, or else its first. */
export function nameOf({ values, contactId }: Contact): string {
  const names = Object.entries(values).flatMap(([column, value]) => (nameColumn.test(column) ? [value] : []));
  return names.length > 0 ? names.join(' ') : (Object.values(values)[0] ?? contactId);
}
