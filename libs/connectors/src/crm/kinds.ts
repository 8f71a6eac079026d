import { type CrmAbout, type CrmConnection, crmKinds } from '@patchcord/contracts';
import { z } from 'zod';
import { type Ability, abilities, type CrmConnector } from './port.ts';
import { crmConnectors } from './registry.ts';
import { configuredFor } from './settings-of.ts';

/** One setting of a kind of CRM. */
interface KindSetting {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  /** What is said of a value that does not do: `expected …`. */
  readonly expected?: string;
}

/** What people have to know of a kind before they make a connection of it. */
export interface CrmKind extends CrmAbout {
  readonly signIn: { readonly by: readonly string[]; readonly hint: string };
  readonly settings: readonly KindSetting[];
}

/** Why a destination for JSON is asked for nothing else. */
const httpJsonCannot =
  'a destination of the kind http-json only takes call records, and answers lookups of routing rules: see docs/routing-rules.md';
const httpJsonAble: readonly Ability[] = ['log-call', 'update-call'];

const httpJsonKind: CrmKind = {
  kind: 'http-json',
  title: 'JSON over HTTP',
  can: [...httpJsonAble],
  cannot: Object.fromEntries(
    abilities.filter((one) => !httpJsonAble.includes(one)).map((one) => [one, httpJsonCannot]),
  ),
  standardModules: [],
  calls: { module: 'call-records', maxLengths: {} },
  signIn: { by: [], hint: 'headers of the connection' },
  settings: [],
};

/** What the CRM of a connection can, as its settings have it. */
export function aboutConnection(connection: CrmConnection): CrmAbout {
  const connector = crmConnectors[connection.connector];
  if (connector === undefined) {
    const { signIn: _, settings: __, ...about } = httpJsonKind;
    return about;
  }
  return aboutOf(configuredFor(connector, connection));
}

/** Every kind of CRM, in the order of their names. */
export function allCrmKinds(): CrmKind[] {
  return crmKinds.map((kind) => {
    const connector = crmConnectors[kind];
    return connector === undefined ? httpJsonKind : kindOf(connector);
  });
}

function kindOf(connector: CrmConnector): CrmKind {
  const { signIn = { by: [], hint: 'any kind of site authentication' }, settingsSchema } = connector;
  return {
    ...aboutOf(connector),
    signIn,
    settings: settingsSchema === undefined ? [] : settingsOfKind(settingsSchema),
  };
}

function aboutOf({ name, title, cannot, modules, calls }: CrmConnector): CrmAbout {
  return {
    kind: name,
    title,
    can: abilities.filter((one) => cannot[one] === undefined),
    cannot,
    standardModules: modules.map(({ phoneFields, createFields, mandatory, ...rest }) => ({
      ...rest,
      phoneFields: [...phoneFields],
      createFields: [...createFields],
      mandatory: [...mandatory],
    })),
    calls: { module: calls.module, maxLengths: { ...calls.maxLengths } },
  };
}

/** What zod's JSON Schema says of a setting. */
interface Described {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
}

function settingsOfKind(schema: z.ZodType): KindSetting[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const said = remedies(schema, Object.keys(properties));
  return Object.entries(properties as Record<string, Described>).map(([name, { type = 'string', ...of }]) => ({
    name,
    type: of.enum === undefined ? type : 'choice',
    required: required.includes(name),
    ...(of.enum === undefined ? {} : { choices: of.enum }),
    ...(of.default === undefined ? {} : { default: of.default }),
    ...(said[name] === undefined ? {} : { expected: said[name] }),
  }));
}

/** No setting is meant to be this; most say so, and what they want instead. */
const nonsense = '\u0000';

function remedies(schema: z.ZodType, names: readonly string[]): Record<string, string> {
  const given = [{}, Object.fromEntries(names.map((name) => [name, nonsense]))];
  const issues = given.map((one) => schema.safeParse(one)).flatMap(({ error }) => error?.issues ?? []);
  return Object.fromEntries(
    // The first thing that is said of each is the most general one.
    issues.toReversed().flatMap(({ path: [name], message }) => {
      const [expected] = /expected .*/.exec(message.replace(/, received \w+$/, '')) ?? [];
      return typeof name === 'string' && expected !== undefined ? [[name, expected]] : [];
    }),
  );
}
