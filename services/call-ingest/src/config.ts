import { readFileSync } from 'node:fs';
import type { PbxDialplan } from '@patchcord/asterisk';
import { eventIssues, parseJson, token } from '@patchcord/contracts';
import { baseSettings, httpPort, integerText, Secret } from '@patchcord/runtime';
import { z } from 'zod';

const tls = z.union([
  z.boolean(),
  z.strictObject({
    /** Path of the certificate authority (PEM) that signed the PBX's certificate. */
    caFile: z.string().min(1).optional(),
    /** Name in the certificate, when it is not the host. */
    servername: z.string().min(1).optional(),
  }),
]);

const contextName = z.string().regex(/^[\w-]{1,79}$/, 'expected the name of a dialplan context');

const connection = z.strictObject({
  pbxId: token,
  tenantId: token,
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(5038),
  username: z.string().min(1),
  secret: z.string().min(1).optional(),
  /** Name of an environment variable that holds the secret. */
  secretEnv: z.string().min(1).optional(),
  /** Path of a file that holds the secret. */
  secretFile: z.string().min(1).optional(),
  tls: tls.default(false),
  /** Devices that lead outside, e.g. `PJSIP/carrier`; without them names and queues tell phones from trunks. */
  trunks: z.array(z.string().min(1)).optional(),
  /** How calls that are made by request enter the dialplan. */
  originate: z
    .strictObject({
      context: contextName.default('from-internal'),
      /** Where the name of a queue is an extension that leads into it, for transfers; default: the context. */
      queueContext: contextName.optional(),
      priority: z.int().min(1).default(1),
      /** What the other side is shown, e.g. `"Acme" <+12025550100>`. */
      callerId: z
        .string()
        .min(1)
        .max(128)
        .regex(/^[^\r\n\0]+$/, 'expected one line')
        .optional(),
    })
    .prefault({}),
});

/** One PBX that is connected over AMI. */
export interface AmiConnection {
  readonly pbxId: string;
  readonly tenantId: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: Secret;
  readonly trunks?: readonly string[] | undefined;
  readonly dialplan: PbxDialplan;
  readonly tls?: { readonly ca?: string | undefined; readonly servername?: string | undefined } | undefined;
}

/** The text of `AMI_CONNECTIONS`: a JSON list. `env` is where `secretEnv` is looked up. */
export const amiConnections = (env: Readonly<Record<string, string | undefined>> = process.env) =>
  z.string().transform((text, context): AmiConnection[] => {
    const found = readConnections(text, env);
    for (const message of found.problems) context.addIssue({ code: 'custom', message });
    return found.problems.length === 0 ? found.connections : z.NEVER;
  });

interface Found {
  readonly connections: AmiConnection[];
  readonly problems: string[];
}

function readConnections(text: string, env: Readonly<Record<string, string | undefined>>): Found {
  const parsed = z.array(connection, { error: 'expected a JSON list of connections' }).safeParse(parseJson(text));
  if (!parsed.success) {
    const problems = eventIssues(parsed.error).map(
      ({ path, message }) => `${path === '' ? 'the value' : path}: ${message}`,
    );
    return { connections: [], problems };
  }
  const problems = repeatedIds(parsed.data);
  const connections = parsed.data.map((given, index) => {
    const place = `[${index}]`;
    const { pbxId, tenantId, host, port, username, trunks, originate: dialplan } = given;
    const secret = new Secret(secretOf(given, env, (message) => problems.push(`${place}: ${message}`)));
    const options = tlsOf(given.tls, (message) => problems.push(`${place}.tls.caFile: ${message}`));
    return { pbxId, tenantId, host, port, username, secret, trunks, dialplan, tls: options };
  });
  return { connections, problems };
}

/** Call ids are made of the PBX's id, so two PBXs may not share one. */
const repeatedIds = (connections: readonly z.output<typeof connection>[]): string[] =>
  connections.flatMap(({ pbxId }, index) => {
    const first = connections.findIndex((other) => other.pbxId === pbxId);
    return first === index
      ? []
      : [`[${index}].pbxId: "${pbxId}" is the id of [${first}] already; each PBX needs its own`];
  });

type Complain = (message: string) => void;

function secretOf(
  given: z.output<typeof connection>,
  env: Readonly<Record<string, string | undefined>>,
  complain: Complain,
): string {
  const { secret, secretEnv, secretFile } = given;
  if ([secret, secretEnv, secretFile].filter((one) => one !== undefined).length !== 1) {
    complain('expected exactly one of secretFile, secretEnv and secret');
    return '';
  }
  if (secretFile !== undefined) return fileText(secretFile, (message) => complain(`secretFile: ${message}`)).trimEnd();
  const value = secretEnv === undefined ? secret : env[secretEnv];
  if (value === undefined || value === '') complain(`secretEnv: the variable ${secretEnv} is not set`);
  return value ?? '';
}

function tlsOf(given: z.output<typeof tls>, complain: Complain): AmiConnection['tls'] {
  if (given === false) return undefined;
  if (given === true) return {};
  const { caFile, servername } = given;
  return {
    ...(caFile === undefined ? {} : { ca: fileText(caFile, complain) }),
    ...(servername === undefined ? {} : { servername }),
  };
}

function fileText(path: string, complain: Complain): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    complain(
      `"${path}" cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`,
    );
    return '';
  }
}

const example =
  '[{"pbxId":"main","tenantId":"acme","host":"10.0.0.5","username":"patchcord","secretEnv":"AMI_SECRET"}]';

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8081),
  AMI_CONNECTIONS: amiConnections()
    .default([])
    .meta({ description: 'the Asterisk PBXs to connect to over AMI, a JSON list', example }),
  AMI_MAX_QUEUED_EVENTS: integerText(100, 1_000_000).default(20_000).meta({
    description: 'how many events of one PBX wait in memory while NATS is away, before its connection is dropped',
    example: '20000',
  }),
});
export type Settings = z.output<typeof settingsSchema>;
