import type { CrmDescribeReply } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { ask } from './client.ts';

const connectionPath = (id: string): string => `/v1/crm-connections/${encodeURIComponent(id)}`;

/** Asking a CRM costs its owner requests: what it said of itself is kept for a while. */
const described = { staleTime: 5 * 60_000, retry: false } as const;

/** The modules of the CRM of a stored connection; none is chosen: nothing is asked. */
export const useModules = (connection: string) =>
  useQuery({
    queryKey: ['crm', connection, 'modules'],
    queryFn: () => ask<CrmDescribeReply>(`${connectionPath(connection)}/modules`),
    enabled: connection !== '',
    ...described,
  });

/** The fields of a module as the CRM tells them. */
export const useFields = (connection: string, module: string) =>
  useQuery({
    queryKey: ['crm', connection, 'fields', module],
    queryFn: () => ask<CrmDescribeReply>(`${connectionPath(connection)}/modules/${encodeURIComponent(module)}/fields`),
    enabled: connection !== '' && module !== '',
    ...described,
  });
