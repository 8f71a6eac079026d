import type { CrmAbout, CrmHealth, CrmTestReply } from '@patchcord/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ask } from './client.ts';

/** One setting of a kind of CRM. */
export interface KindSetting {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  /** What is said of a value that does not do. */
  readonly expected?: string;
}

/** What a kind of CRM can, by what one gets in, and what it can be told. */
export interface CrmKind extends CrmAbout {
  readonly signIn: { readonly by: readonly string[]; readonly hint: string };
  readonly settings: readonly KindSetting[];
}

const connectionPath = (id: string): string => `/v1/crm-connections/${encodeURIComponent(id)}`;

export const useCrmKinds = () =>
  useQuery({
    queryKey: ['crm-kinds'],
    queryFn: async () => (await ask<{ kinds: CrmKind[] }>('/v1/crm-kinds')).kinds,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How all connections are, asked again while one looks. */
export const useCrmHealth = () =>
  useQuery({
    queryKey: ['crm-health'],
    queryFn: async () => (await ask<{ connections: CrmHealth[] }>('/v1/crm-health')).connections,
    refetchInterval: 10_000,
  });

export interface CrmTest {
  /** A stored connection that was not changed; else the draft is tested. */
  readonly id?: string;
  readonly draft: object;
  readonly phone: string;
  readonly logCall: boolean;
}

/** Logs in to a CRM; if asked looks for a number, and logs a call that says it is a test. */
export const useCrmTest = () =>
  useMutation({
    mutationFn: ({ id, draft, phone, logCall }: CrmTest) => {
      const choices = { logCall, ...(phone.trim() === '' ? {} : { phone: phone.trim() }) };
      return id === undefined
        ? ask<CrmTestReply>('/v1/crm-connections/test', { method: 'POST', body: { ...choices, connection: draft } })
        : ask<CrmTestReply>(`${connectionPath(id)}/test`, { method: 'POST', body: choices });
    },
  });
