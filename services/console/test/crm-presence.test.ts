import { expect, test } from 'vitest';
import { startConsole } from './fixture.ts';

test('a connection that is to show presence where its CRM cannot is refused with the reason, and takes no unknown agents', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const put = async (kind: string, body: object) =>
    request(`/v1/config/${kind}/crm`, { method: 'PUT', token, body: { name: 'CRM', ...body } });
  const connection = (more: object) => put('crm-connection', { baseUrl: 'https://crm.example.test', ...more });
  const presence = { enabled: true };
  const refusals = [
    [{ connector: 'hubspot', presence }, 'no API of HubSpot shows whether an agent can be reached'],
    [{ connector: 'zendesk', presence }, 'agentSystem'],
    [{ connector: 'zendesk', presence: { ...presence, agents: ['1001'] }, agentSystem: 'crm' }, 'presence.agents[0]'],
  ] as const;
  expect((await put('external-system', {})).status).toBe(201);
  for (const [body, reason] of refusals) {
    const response = await connection(body);
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining(reason)]);
  }
  expect((await connection({ connector: 'zendesk', presence, agentSystem: 'crm' })).status).toBe(201);
});
