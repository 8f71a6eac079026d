import { randomBytes } from 'node:crypto';
import { createDeadLetters } from '@patchcord/bus';
import { type Contacts, createContactImports, createContacts, createCrmImportJobs } from '@patchcord/contacts';
import { campaignOf } from '@patchcord/contracts';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  type HealthReport,
  type HttpServer,
  httpPart,
  type RedisContext,
  type Service,
} from '@patchcord/runtime';
import { type AccessTokens, createAccessTokens } from './adapters/access-tokens.ts';
import { createBrowserSessions } from './adapters/browser-sessions.ts';
import { createDeskView, type DeskView } from './adapters/desk-view.ts';
import { createEndedSessions } from './adapters/ended-sessions.ts';
import { createGuessLimit, type GuessLimit, type GuessLimits } from './adapters/guess-limit.ts';
import { createLiveView } from './adapters/live-view.ts';
import { createTokenUses } from './adapters/token-uses.ts';
import type { Settings } from './config.ts';
import { createAgentEvents } from './consumers/agent-events.ts';
import { createSessionEvents } from './consumers/session-events.ts';
import { createTokenUsePart } from './consumers/token-use.ts';
import { createSessionSeal, type SessionSeal } from './domain/session-cookie.ts';
import { registerOmniLeads } from './omnileads/register.ts';
import { registerAgentDesk } from './routes/agent-desk.ts';
import { registerAgentSession } from './routes/agent-session.ts';
import { registerAutomationTests } from './routes/automation-tests.ts';
import { cookieIdentity, registerBrowserSession } from './routes/browser-session.ts';
import { registerCalls } from './routes/calls.ts';
import { registerCampaigns } from './routes/campaigns.ts';
import { registerCards } from './routes/cards.ts';
import { registerConfigEntities } from './routes/config-entities.ts';
import { registerConfigSet } from './routes/config-set.ts';
import { registerConfigWarnings } from './routes/config-warnings.ts';
import { registerConsent } from './routes/consent.ts';
import { registerContactExports } from './routes/contact-exports.ts';
import { registerContactImports } from './routes/contact-imports.ts';
import { registerContacts } from './routes/contacts.ts';
import { registerCrmConnections } from './routes/crm-connections.ts';
import { registerCrmImports } from './routes/crm-imports.ts';
import { registerCrmUsers } from './routes/crm-users.ts';
import { registerDigital } from './routes/digital.ts';
import { registerDispositions } from './routes/dispositions.ts';
import { registerExpressions } from './routes/expressions.ts';
import { registerFlowTries } from './routes/flow-tries.ts';
import { createHandoverSeal, type FrameSessionOptions, registerFrameSession } from './routes/frame-session.ts';
import { registerInteractions } from './routes/interactions.ts';
import type { LiveOptions } from './routes/live.ts';
import { registerLogIn } from './routes/log-in.ts';
import { registerMemorializationItems } from './routes/memorialization-items.ts';
import { registerMemorializationPreview } from './routes/memorialization-preview.ts';
import { registerPage } from './routes/page.ts';
import { registerRoutingTest } from './routes/routing-test.ts';
import { registerScreenPops, type ScreenPopOptions } from './routes/screen-pops.ts';
import { registerSecrets } from './routes/secrets.ts';
import { registerSignIn } from './routes/sign-in.ts';
import { registerSiteTests } from './routes/site-tests.ts';
import { registerTokens } from './routes/tokens.ts';
import { registerTriggers } from './routes/triggers.ts';
import { registerUsers } from './routes/users.ts';
import { registerWatching } from './routes/watching.ts';
import { registerWorkflowRuns } from './routes/workflow-runs.ts';
import { acceptYaml } from './routes/yaml-body.ts';
import { createDispositions } from './usecases/dispositions.ts';
import { createEndAtProvider } from './usecases/end-at-provider.ts';
import { createLogIn, type LogIn } from './usecases/log-in.ts';
import { createCrmImportRunner, type RunCrmImportsOptions } from './usecases/run-crm-imports.ts';

export { settingsSchema } from './config.ts';
export const serviceName = 'console';

type Context = RedisContext<Settings>;

export interface ConsoleOptions {
  /** How live streams behave; for tests. */
  readonly live?: Pick<LiveOptions, 'heartbeatMs' | 'maxWaiting' | 'maxStreams' | 'maxStreamsOfToken'>;
  readonly screenPops?: ScreenPopOptions;
  readonly guessLimits?: GuessLimits;
  readonly crmImports?: Pick<RunCrmImportsOptions, 'leaseMs' | 'everyMs'>;
}

/** What people see: the admin API, the delivery log, dead letters, and the page with the live calls. */
export function createConsole(context: Context, options: ConsoleOptions = {}): Service {
  const { bus, config, log, redis, settings } = context;
  const { view, desks, sessionEvents, agentsEvents } = createViews(context);
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    'live-calls': () => sessionEvents.healthy(),
    agents: () => agentsEvents.healthy(),
  });
  const access = createAccess(context, options);
  const uses = createTokenUses(redis);
  const contacts = createContacts(redis);
  const dispositions = createDispositions(bus);
  const { jobs, crmImports } = createCrmImports(context, options, contacts);
  const create = async (): Promise<HttpServer> => {
    const app = await createApp(context, { access, health });
    registerConfiguration(app, { bus, config });
    registerCampaigns(app, config);
    registerContacts(app, { config, contacts });
    registerContactImports(app, { config, imports: createContactImports(redis) });
    registerContactExports(app, { config, contacts });
    registerDispositions(app, { config, contacts, dispositions });
    registerCalls(app, { bus, config, contacts });
    registerAgentSession(app, { bus, config });
    registerWatching(app, { bus, view, live: options.live, traceUrl: settings.CONSOLE_TRACE_URL });
    registerTokens(app, { config, uses });
    registerUsers(app, { config, limit: access.limit });
    const statuses = settings.CONSOLE_OMNILEADS_STATUS;
    await registerOmniLeads(app, { bus, config, contacts, dispositions, logIn: access.logIn, statuses });
    registerRoutingTest(app, { bus, config, contacts });
    registerSecrets(app, { bus, config });
    registerWorkflowRuns(app, { bus, config });
    registerCrmConnections(app, { bus, config });
    registerCrmImports(app, { config, jobs });
    registerCrmUsers(app, { bus, config });
    registerConsent(app, { bus, config, publicUrl: settings.CONSOLE_PUBLIC_URL });
    registerDesk(app, { ...context, contacts, desks }, options);
    registerSigningIn(app, context, access);
    registerFrameSession(app, access);
    await registerPage(app, {
      demoUrl: settings.CONSOLE_DEMO_URL,
      frameOriginsOf: (tenantId) => [
        ...settings.CONSOLE_FRAME_ORIGINS,
        ...(config.tenant(tenantId).tenant.get(tenantId)?.frameOrigins ?? []),
      ],
    });
    return app;
  };
  measure(context, view);
  const http = httpPart({ host: settings.HTTP_HOST, port: settings.HTTP_PORT, create });
  return composeService({
    name: serviceName,
    log,
    parts: [sessionEvents, agentsEvents, createTokenUsePart({ bus, uses, log }), crmImports, http],
    health,
  });
}

/** What is known of calls and agents in memory, and what keeps it. */
function createViews({ bus, config }: Context) {
  const view = createLiveView({ now: Date.now });
  const desks = createDeskView({
    now: Date.now,
    campaignIdOf: (session) => campaignOf(config.tenant(session.tenantId), session)?.id,
  });
  return {
    view,
    desks,
    sessionEvents: createSessionEvents(bus, [view, desks]),
    agentsEvents: createAgentEvents(bus, desks),
  };
}

/** Entities, and what helps whoever writes them. */
function registerConfiguration(app: HttpServer, deps: Pick<Context, 'bus' | 'config'>): void {
  const { config } = deps;
  registerConfigEntities(app, config);
  registerConfigSet(app, config);
  registerConfigWarnings(app, config);
  registerSiteTests(app, deps);
  registerAutomationTests(app, deps);
  registerTriggers(app, deps);
  registerExpressions(app, deps);
  registerFlowTries(app, config);
  registerMemorializationItems(app);
  registerMemorializationPreview(app, deps);
}

interface DeskDeps extends Pick<Context, 'bus' | 'config'> {
  readonly contacts: Contacts;
  readonly desks: DeskView;
}

/** What an agent has before him. */
function registerDesk(app: HttpServer, deps: DeskDeps, { screenPops }: ConsoleOptions): void {
  const { bus, config, contacts, desks } = deps;
  registerScreenPops(app, { bus, view: desks }, screenPops);
  registerAgentDesk(app, { bus, config, contacts, view: desks });
  registerCards(app, bus);
  registerInteractions(app, bus);
  registerDigital(app, { bus, config });
}

/** Imports from CRMs: where they are written down, and what goes on with them. */
function createCrmImports({ bus, config, log, redis }: Context, { crmImports }: ConsoleOptions, contacts: Contacts) {
  const jobs = createCrmImportJobs(redis);
  return { jobs, crmImports: createCrmImportRunner({ bus, config, contacts, jobs, log, ...crmImports }) };
}

/** How people sign in: by password, by an identity provider; and what of it a browser keeps. */
function registerSigningIn(app: HttpServer, { bus, config, settings }: Context, access: Access): void {
  const options = { bus, config, publicUrl: settings.CONSOLE_PUBLIC_URL };
  registerLogIn(app, access.logIn);
  registerSignIn(app, { ...options, ...access });
  registerBrowserSession(app, { config, ...access, endAtProvider: createEndAtProvider(options) });
}

/** Who may do what: the ways to sign in, on one key. */
interface Access extends FrameSessionOptions {
  readonly seal: SessionSeal;
  readonly accessTokens: AccessTokens;
  readonly limit: GuessLimit;
  readonly logIn: LogIn;
}

function createAccess({ config, redis, settings }: Context, { guessLimits }: ConsoleOptions): Access {
  const key = Buffer.from(settings.CONSOLE_SESSION_KEY?.reveal() ?? randomBytes(32));
  const seal = createSessionSeal(key);
  const lifetimeSeconds = settings.CONSOLE_LOGIN_MINUTES * 60;
  const accessTokens = createAccessTokens({ config, key, proofOf: (text) => seal.proofOf(text), lifetimeSeconds });
  const limit = createGuessLimit(redis, guessLimits);
  const ended = createEndedSessions(redis);
  const sessions = createBrowserSessions({
    config,
    seal,
    ended,
    minutes: settings.CONSOLE_SESSION_MINUTES,
    maxMinutes: settings.CONSOLE_SESSION_MAX_MINUTES,
  });
  const handovers = createHandoverSeal(key);
  return {
    seal,
    sessions,
    ended,
    handovers,
    accessTokens,
    limit,
    logIn: createLogIn({ config, tokens: accessTokens, limit }),
  };
}

interface AppParts {
  readonly access: Access;
  readonly health: () => Promise<HealthReport>;
}

async function createApp({ bus, config, log, settings }: Context, { access, health }: AppParts): Promise<HttpServer> {
  const trustedProxies = settings.CONSOLE_TRUSTED_PROXIES;
  const app = await createHttpServer({
    service: serviceName,
    log,
    config,
    bus,
    health,
    title: 'Patchcord console',
    fallbackAuth: cookieIdentity(access.sessions),
    otherTokens: (token) => access.accessTokens.read(token),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  });
  acceptYaml(app);
  return app;
}

function measure({ bus }: Context, view: ReturnType<typeof createLiveView>): void {
  const metrics = createMetrics(serviceName);
  const deadLetters = createDeadLetters(bus);
  metrics.gauge('live_calls', 'Calls that have not ended', (result) => result.observe(view.active()));
  metrics.gauge('dead_letters', 'Open dead letters of all tenants', async (result) =>
    result.observe(await deadLetters.depth()),
  );
}
