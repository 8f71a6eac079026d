import type { CrmConnection, TenantConfig } from '@patchcord/contracts';

/** What the CRM of a connection calls an agent; undefined: nobody said it. */
export function crmUserOf(
  { agent: agents }: Pick<TenantConfig, 'agent'>,
  { agentSystem }: Pick<CrmConnection, 'agentSystem'>,
  agentId: string | undefined,
): string | undefined {
  if (agentSystem === undefined || agentId === undefined) return undefined;
  return agents.get(agentId)?.externalIds[agentSystem];
}
