import { type Bus, type ConfigStore, InvalidInput } from '@patchcord/bus';
import { type CrmConnection, crmUsersReply, Failure, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { allUsers, matchUsers, usersPage, writeMatches } from '../usecases/match-crm-users.ts';
import { emptyBody } from './empty-body.ts';

const tags = ['CRM connections'];
const onRequest = requireScope('admin');
const params = z.object({ id: token });
const user = crmUsersReply.shape.users.element;

const report = z.object({
  system: z.string().meta({ description: 'The external-system by whose ids agents are known there' }),
  matched: z.array(
    z.object({
      agentId: z.string(),
      user,
      by: z.enum(['username', 'email']),
      change: z.enum(['new', 'same', 'changed']),
      before: z.string().optional(),
    }),
  ),
  ambiguous: z.array(z.object({ user, agentIds: z.array(z.string()) })),
  unmatchedUsers: z.array(user),
  unmatchedAgents: z.array(z.string()),
  written: z.number().int().meta({ description: 'Agents that were changed; 0 unless it was confirmed' }),
});

/** Who may log in to a CRM, and which of our agents they are. */
export function registerCrmUsers(app: HttpServer, deps: { readonly bus: Bus; readonly config: ConfigStore }): void {
  const { bus, config } = deps;
  const list = {
    summary: 'Who may log in to a CRM, page by page',
    tags,
    params,
    querystring: z.strictObject({
      cursor: z.string().min(1).max(4096).optional().meta({ description: '`next` of the page before' }),
    }),
    response: { 200: crmUsersReply },
  };
  app.get('/v1/crm-connections/:id/users', { onRequest, schema: list }, ({ tenantId, params: { id }, query }) => {
    connectionOf(config, tenantId, id);
    return usersPage(bus, { tenantId, connectionId: id }, query.cursor);
  });
  const match = {
    summary: 'Proposes which agents the users of a CRM are, by user name or e-mail; confirmed, it is written into them',
    tags,
    params,
    body: z.strictObject({
      confirm: z.boolean().default(false).meta({ description: 'Otherwise nothing is written' }),
    }),
    response: { 200: report },
  };
  app.post(
    '/v1/crm-connections/:id/users/match',
    { onRequest, preValidation: emptyBody, schema: match },
    async (request) => {
      const { tenantId, tokenId } = identityOf(request);
      const { id } = request.params;
      const { confirm } = request.body;
      const system = systemOf(connectionOf(config, tenantId, id));
      const users = await allUsers(bus, { tenantId, connectionId: id });
      const found = matchUsers(config.tenant(tenantId), system, users);
      const written = confirm ? await writeMatches(config, { tenantId, tokenId }, found) : 0;
      return {
        ...found,
        matched: [...found.matched],
        ambiguous: found.ambiguous.map((one) => ({ ...one, agentIds: [...one.agentIds] })),
        unmatchedUsers: [...found.unmatchedUsers],
        unmatchedAgents: [...found.unmatchedAgents],
        written,
      };
    },
  );
}

function connectionOf(config: ConfigStore, tenantId: string, id: string): CrmConnection {
  const connection = config.tenant(tenantId)['crm-connection'].get(id);
  if (connection !== undefined) return connection;
  throw new Failure('permanent', 'not_found', `there is no crm-connection "${id}"`);
}

/** Without it nobody would know where to write the ids. */
function systemOf({ id, agentSystem }: CrmConnection): string {
  if (agentSystem !== undefined) return agentSystem;
  const message = `expected "agentSystem" in the crm-connection "${id}": the external-system by whose ids it knows agents`;
  throw new InvalidInput('invalid_request', message, [{ path: 'agentSystem', message }]);
}
