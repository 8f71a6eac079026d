import { crmAbout, crmHealth } from '@patchcord/contracts';
import { z } from 'zod';
import { clientFrom } from '../console-client.ts';
import { usage } from '../problem.ts';
import { plain, print, printJson, say, table } from '../terminal.ts';

const healths = z.object({ connections: z.array(crmHealth) });

/** How connections are, one a line. */
export async function health(config: string | undefined, { json }: { json?: true }): Promise<void> {
  const client = clientFrom(process.env);
  const connections =
    config === undefined
      ? (await client.json('/v1/crm-health', healths)).connections
      : [await client.json(`/v1/crm-connections/${encodeURIComponent(config)}/health`, crmHealth)];
  if (json) return printJson(connections);
  if (connections.length === 0) return say('there are no connections to CRMs');
  print(table(healthHeading, connections.map(healthRow)));
  for (const { connectionId, lastFailure } of connections)
    if (lastFailure !== undefined)
      say(`${connectionId}: ${lastFailure.at} ${plain(lastFailure.message)} (${lastFailure.code})`);
}

const healthHeading = [
  'connection',
  'kind',
  'status',
  'last success',
  'p95',
  'failed',
  'waiting',
  'dead',
  'left of quota',
];

function healthRow({
  connectionId,
  connector,
  status,
  lastSuccessAt,
  recent,
  work,
  limits,
}: z.output<typeof crmHealth>) {
  const { requests, failed, p95Ms } = recent;
  return [
    connectionId,
    connector,
    status,
    lastSuccessAt ?? 'never',
    p95Ms === undefined ? '' : `${Math.round(p95Ms)} ms`,
    requests === 0 ? '' : `${failed} of ${requests}`,
    String(work.waiting),
    String(work.dead),
    limits.quota === undefined ? '' : `${limits.quota.left} of ${limits.quota.requests}`,
  ];
}

const kindList = z.object({
  kinds: z.array(
    crmAbout.extend({
      signIn: z.object({ by: z.array(z.string()), hint: z.string() }),
      settings: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          required: z.boolean(),
          choices: z.array(z.string()).optional(),
          default: z.unknown().optional(),
          expected: z.string().optional(),
        }),
      ),
    }),
  ),
});
type Kind = z.output<typeof kindList>['kinds'][number];

/** Kinds of CRM, or all of one. */
export async function kinds(name: string | undefined, { json }: { json?: true }): Promise<void> {
  const all = (await clientFrom(process.env).json('/v1/crm-kinds', kindList)).kinds;
  if (name === undefined) {
    if (json) return printJson(all);
    return print(table(['kind', 'name', 'gets in by', 'cannot'], all.map(kindRow)));
  }
  const kind = all.find((one) => one.kind === name);
  if (kind === undefined)
    throw usage(`there is no kind "${name}": expected one of ${all.map((one) => one.kind).join(', ')}`);
  if (json) return printJson(kind);
  showKind(kind);
}

const kindRow = ({ kind, title, signIn, cannot }: Kind): string[] => [
  kind,
  title,
  signIn.by.length === 0 ? 'any site authentication' : signIn.by.join(', '),
  Object.keys(cannot).join(', '),
];

function showKind({ kind, title, can, cannot, signIn, settings, standardModules }: Kind): void {
  print(`${kind}: ${title}\n\ngets in by: ${[...signIn.by, signIn.hint].join('; ')}\ncan: ${can.join(', ')}`);
  for (const [ability, why] of Object.entries(cannot)) print(`cannot ${ability}: ${why}`);
  if (settings.length > 0)
    print(`\n${table(['setting', 'type', 'default', 'what it has to be'], settings.map(settingRow))}`);
  if (standardModules.length === 0) return;
  const rows = standardModules.map(({ module, label, phoneFields, createFields, mandatory }) => [
    module,
    label,
    phoneFields.join(' '),
    createFields.map((field) => (mandatory.includes(field) ? `${field}*` : field)).join(' '),
  ]);
  print(`\n${table(['module', 'label', 'numbers in', 'standard fields (* mandatory)'], rows)}`);
}

function settingRow({
  name,
  type,
  required,
  choices = [],
  default: usual,
  expected = '',
}: Kind['settings'][number]): string[] {
  const what = choices.length === 0 ? expected.replace(/^expected /, '') : choices.join(' | ');
  return [required ? `${name}*` : name, type, usual === undefined ? '' : JSON.stringify(usual), what];
}
