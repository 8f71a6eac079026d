import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { allCrmKinds } from '@patchcord/connectors';
import {
  crmAbout,
  crmCall,
  crmDescribeReply,
  crmHealth,
  crmLogCallReply,
  crmSearchReply,
  crmSearchRequest,
  crmTestReply,
  crmTestRequest,
  Failure,
  rpc,
  token,
} from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { emptyBody } from './empty-body.ts';
import { limitText } from './limit-text.ts';

const tags = ['CRM connections'];
const onRequest = requireScope('admin');
const params = z.object({ id: token });

/** How long people wait for a CRM (ms): a test has several steps. */
const budgetMs = { test: 60_000, ask: 30_000 };
/** The dispatcher answers when the time is over; this is for when it does not. */
const graceMs = 5000;

export interface CrmConnectionRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
}

/** What an administrator asks of CRMs while he connects them: tests, modules and fields, searches, a call, health. */
export function registerCrmConnections(app: HttpServer, deps: CrmConnectionRoutes): void {
  registerKinds(app);
  registerTests(app, deps);
  registerDescriptions(app, deps);
  registerSearch(app, deps);
  registerCalls(app, deps);
  registerHealth(app, deps);
}

const setting = z.object({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  choices: z.array(z.string()).readonly().optional(),
  default: z.unknown().optional(),
  expected: z.string().optional().meta({ description: 'What is said of a value that does not do' }),
});

const kinds = z.object({
  kinds: z.array(
    crmAbout.extend({
      signIn: z.object({ by: z.array(z.string()).readonly(), hint: z.string() }),
      settings: z.array(setting).readonly(),
    }),
  ),
});

function registerKinds(app: HttpServer): void {
  const summary = 'Every kind of CRM: what it can and cannot and why, its settings, and by what one gets in';
  const schema = { summary, tags, response: { 200: kinds } };
  app.get('/v1/crm-kinds', { onRequest, schema }, async () => ({ kinds: allCrmKinds() }));
}

const choices = crmTestRequest
  .pick({ phone: true, logCall: true })
  .strict()
  .meta({ examples: [{ phone: '+14155550123', logCall: false }] });
const tested = { 200: crmTestReply };

function registerTests(app: HttpServer, { bus, config }: CrmConnectionRoutes): void {
  const timeoutMs = budgetMs.test + graceMs;
  const stored = {
    summary:
      'Tests a stored connection: logs in, and if asked looks for a number and logs a call that says it is a test',
    tags,
    params,
    body: choices,
    response: tested,
  };
  app.post(
    '/v1/crm-connections/:id/test',
    { onRequest, preValidation: emptyBody, schema: stored },
    async ({ tenantId, params: { id }, body }) => {
      existing(config, tenantId, id);
      return callRpc(bus, rpc.crmTest, { ...body, tenantId, connectionId: id, budgetMs: budgetMs.test }, { timeoutMs });
    },
  );
  const unstored = {
    summary: 'Tests a connection before it is stored',
    tags,
    body: z.strictObject({
      ...choices.shape,
      connection: z.record(z.string(), z.unknown()).meta({ description: 'A crm-connection as it would be stored' }),
    }),
    response: tested,
  };
  app.post('/v1/crm-connections/test', { onRequest, schema: unstored }, async ({ tenantId, body }) => {
    const connection = { id: 'test', name: 'Test', ...body.connection };
    return callRpc(bus, rpc.crmTest, { ...body, tenantId, connection, budgetMs: budgetMs.test }, { timeoutMs });
  });
}

const asking = { timeoutMs: budgetMs.ask + graceMs };

function registerDescriptions(app: HttpServer, { bus, config }: CrmConnectionRoutes): void {
  const describe = (tenantId: string, id: string, module?: string) => {
    existing(config, tenantId, id);
    const of = { tenantId, connectionId: id, budgetMs: budgetMs.ask };
    return callRpc(bus, rpc.crmDescribe, module === undefined ? of : { ...of, module }, asking);
  };
  const response = { 200: crmDescribeReply };
  const modules = { summary: 'The modules of a CRM, and what its connection can', tags, params, response };
  app.get('/v1/crm-connections/:id/modules', { onRequest, schema: modules }, ({ tenantId, params: { id } }) =>
    describe(tenantId, id),
  );
  const fields = {
    summary: 'The fields of a module of a CRM',
    tags,
    params: params.extend({ module: z.string().min(1).max(128).meta({ description: 'In the words of the CRM' }) }),
    response,
  };
  app.get(
    '/v1/crm-connections/:id/modules/:module/fields',
    { onRequest, schema: fields },
    ({ tenantId, params: { id, module } }) => describe(tenantId, id, module),
  );
}

/** Names parted by commas. */
const names = z
  .string()
  .max(4096)
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );

const searchQuery = z
  .strictObject({
    phone: crmSearchRequest.shape.phone.meta({ description: 'In any form' }),
    modules: names.optional().meta({ description: 'Where the number is looked for, parted by commas' }),
    module: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .meta({ description: 'Instead of a number: where records are looked for' }),
    field: z.string().min(1).max(128).optional().meta({ description: 'A field of the module, with `value`' }),
    value: z.string().max(1024).optional(),
    expression: z.string().min(1).max(4096).optional().meta({ description: "In the CRM's own query language" }),
    fields: names.optional().meta({
      description: 'Fields that are shown, parted by commas; `lacking` tells which modules have not all of them',
    }),
    limit: limitText.optional(),
  })
  .refine(({ field, value }) => (field === undefined) === (value === undefined), {
    path: ['value'],
    error: 'expected field and value together',
  })
  .refine(({ module, field, expression }) => module !== undefined || (field ?? expression) === undefined, {
    path: ['module'],
    error: 'expected the module whose field or expression it is',
  });

const mostHits = 100;

function registerSearch(app: HttpServer, { bus, config }: CrmConnectionRoutes): void {
  const schema = {
    summary: 'Looks for records in a CRM: who has a number, or whose field has a value',
    tags,
    params,
    querystring: searchQuery,
    response: { 200: crmSearchReply },
  };
  app.get('/v1/crm-connections/:id/search', { onRequest, schema }, ({ tenantId, params: { id }, query }) => {
    existing(config, tenantId, id);
    const { phone, modules = [], fields = [], limit = 20 } = query;
    return callRpc(
      bus,
      rpc.crmSearch,
      {
        tenantId,
        connectionId: id,
        budgetMs: budgetMs.ask,
        fields,
        limit: Math.min(limit, mostHits),
        ...(phone === undefined ? {} : { phone }),
        ...(modules.length === 0 ? {} : { modules }),
        ...filterOf(query),
      },
      asking,
    );
  });
}

function filterOf({ module, field, value, expression }: z.output<typeof searchQuery>) {
  if (module === undefined) return {};
  return {
    filter: {
      module,
      ...(field === undefined ? {} : { equals: { [field]: value ?? '' } }),
      ...(expression === undefined ? {} : { expression }),
    },
  };
}

function registerCalls(app: HttpServer, { bus, config }: CrmConnectionRoutes): void {
  const schema = {
    summary: 'Logs a call in a CRM; without one, a sample that says it is a test',
    tags,
    params,
    body: z.strictObject({ call: crmCall.optional() }),
    response: { 200: crmLogCallReply },
  };
  app.post(
    '/v1/crm-connections/:id/log-call',
    { onRequest, preValidation: emptyBody, schema },
    ({ tenantId, params: { id }, body: { call } }) => {
      existing(config, tenantId, id);
      const of = { tenantId, connectionId: id, budgetMs: budgetMs.ask };
      return callRpc(bus, rpc.crmLogCall, call === undefined ? of : { ...of, call }, asking);
    },
  );
}

function registerHealth(app: HttpServer, { bus, config }: CrmConnectionRoutes): void {
  const timeoutMs = 5000;
  const one = {
    summary: 'How a connection is over all replicas: its last answers, its limits, and work that waits',
    tags,
    params,
    response: { 200: crmHealth },
  };
  app.get('/v1/crm-connections/:id/health', { onRequest, schema: one }, async ({ tenantId, params: { id } }) => {
    existing(config, tenantId, id);
    const { connections } = await callRpc(bus, rpc.crmHealth, { tenantId, connectionId: id }, { timeoutMs });
    const [health] = connections;
    if (health === undefined) throw missing(id);
    return health;
  });
  const all = {
    summary: 'How all connections of the tenant are',
    tags,
    response: { 200: z.object({ connections: z.array(crmHealth) }) },
  };
  app.get('/v1/crm-health', { onRequest, schema: all }, ({ tenantId }) =>
    callRpc(bus, rpc.crmHealth, { tenantId }, { timeoutMs }),
  );
}

/** Said before anybody is asked: the dispatcher may not be there. */
function existing(config: ConfigStore, tenantId: string, id: string): void {
  if (!config.tenant(tenantId)['crm-connection'].has(id)) throw missing(id);
}

const missing = (id: string): Failure => new Failure('permanent', 'not_found', `there is no crm-connection "${id}"`);
