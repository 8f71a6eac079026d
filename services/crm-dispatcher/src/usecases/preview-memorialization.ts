import { InvalidInput } from '@patchcord/bus';
import { loggedCall, told } from '@patchcord/call-model';
import { aboutConnection, type CallEntry, fitted } from '@patchcord/connectors';
import {
  type CallRecord,
  type CrmConnection,
  eventIssues,
  type Memorialization,
  type MemorializationPreviewReply,
  type MemorializationPreviewRequest,
  type MemorializationSample,
  type MemorializedField,
  memorialization as memorializationSchema,
  type PreviewedField,
  type TenantConfig,
} from '@patchcord/contracts';
import { crmUserOf } from '../domain/crm-user.ts';
import { defined } from '../domain/defined.ts';
import { mappedFields, rowsOf } from '../domain/mapped-fields.ts';
import { sampleRecord } from '../domain/sample-record.ts';
import { timelineEntry } from '../domain/timeline-entry.ts';
import { type AskCrm, type AskCrmOptions, timeOf } from './ask-crm.ts';

/** @throws InvalidInput permanent `config_invalid` that names each field */
export type PreviewMemorialization = (request: MemorializationPreviewRequest) => Promise<MemorializationPreviewReply>;

/** All modules are asked at once, each for so long (ms). */
const budgetMs = 15_000;

/** Tells what would be written for a made-up conversation, by what writes it for real ones. Nothing is written. */
export function createPreviewMemorialization(
  { config, storyLink }: Pick<AskCrmOptions, 'config'> & { storyLink: (callId: string) => string | undefined },
  ask: AskCrm,
): PreviewMemorialization {
  return async ({ tenantId, memorialization: given, sample }) => {
    const tenant = config.tenant(tenantId);
    const { memorialization, connection } = draftOf(tenant, given);
    const agent = agentOf(tenant, sample);
    const made = sampleRecord({ tenantId, sample, memorialization, agent, now: Date.now() });
    const logged = loggedCall(made, connection.logging);
    const scene = {
      memorialization,
      connection,
      record: told(made, connection.logging),
      userId: crmUserOf(tenant, connection, agent.agentId),
      storyLink: storyLink(made.callId),
    };
    const lengths = await lengthsOf(ask, { tenantId, scene });
    return {
      ...(logged.logged ? timelineOf(scene, lengths.of) : { why: logged.why }),
      entities: memorialization.entities.map(({ module, fields }) => ({
        module,
        fields: previewed(fields, scene, lengths.of(module)),
      })),
      unread: lengths.unread,
    };
  };
}

interface Scene {
  readonly memorialization: Memorialization;
  readonly connection: CrmConnection;
  readonly record: CallRecord;
  readonly userId: string | undefined;
  readonly storyLink: string | undefined;
}

function draftOf(tenant: TenantConfig, given: unknown) {
  const parsed = memorializationSchema.safeParse(given);
  if (!parsed.success) throw refused(eventIssues(parsed.error));
  const connection = tenant['crm-connection'].get(parsed.data.connection);
  if (connection !== undefined) return { memorialization: parsed.data, connection };
  throw refused([
    { path: 'connection', message: `expected an existing crm-connection, not "${parsed.data.connection}"` },
  ]);
}

const refused = (issues: { path: string; message: string }[]): InvalidInput =>
  new InvalidInput('config_invalid', 'the memorialization is not as expected', issues);

function agentOf({ agent: agents }: TenantConfig, { agentId }: MemorializationSample) {
  const known = agentId === undefined ? [...agents.values()][0] : agents.get(agentId);
  return { agentId: known?.id ?? agentId ?? '1001', name: known?.name ?? 'Sample Agent' };
}

type Lengths = ReadonlyMap<string, number>;

/** How long the fields of each module are, and which modules the CRM did not tell of. */
async function lengthsOf(ask: AskCrm, { tenantId, scene }: { readonly tenantId: string; readonly scene: Scene }) {
  const { memorialization, connection, record } = scene;
  const { timeline, entities } = memorialization;
  const own = timeline === false || timeline.fields.length === 0 ? [] : [aboutConnection(connection).calls.module];
  const others = entities.filter(({ fields }) => rowsOf(fields, record).length > 0).map(({ module }) => module);
  const modules = [...new Set([...own, ...others])];
  const asked = { tenantId, connection, timeoutMs: timeOf(connection, budgetMs) };
  const answers = await Promise.all(
    modules.map(async (module) => ({ module, ...(await ask(asked, (crm) => crm.listFields(module))) })),
  );
  const known = new Map<string, Lengths>();
  const unread: { module: string; message: string }[] = [];
  for (const { module, result } of answers) {
    if (result.outcome === 'done') known.set(module, lengthsIn(result.value));
    else unread.push({ module, message: result.outcome === 'failed' ? result.failure.message : result.why });
  }
  return { of: (module: string): Lengths => known.get(module) ?? new Map(), unread };
}

const lengthsIn = (fields: readonly { name: string; maxLength?: number | undefined }[]): Lengths =>
  new Map(fields.flatMap(({ name, maxLength }) => (maxLength === undefined ? [] : [[name, maxLength]])));

function timelineOf(
  scene: Scene,
  lengths: (module: string) => Lengths,
): Pick<MemorializationPreviewReply, 'timeline' | 'why'> {
  const { memorialization, connection, record, userId, storyLink } = scene;
  const { timeline } = memorialization;
  if (timeline === false) return { why: 'this memorialization writes no timeline' };
  const { module, maxLengths } = aboutConnection(connection).calls;
  const now = record.endedAt ?? new Date().toISOString();
  const entry = timelineEntry(record, timeline, { about: [], fields: {}, userId, storyLink, now });
  return {
    timeline: { module, texts: textsOf(entry, maxLengths), fields: previewed(timeline.fields, scene, lengths(module)) },
  };
}

const texts = ['subject', 'notes', 'disposition', 'recordingUrl'] as const;

/** The entry's own texts as they fit into the CRM. */
function textsOf(entry: CallEntry, maxLengths: Readonly<Record<string, number>>): PreviewedField[] {
  const { entry: fitting, cut } = fitted(entry, maxLengths);
  return texts
    .filter((name) => (entry[name] ?? '') !== '')
    .map((name) => ({
      field: name,
      outcome: cut.includes(name) ? (fitting[name] === undefined ? 'dropped' : 'cut') : 'written',
      ...defined({ value: fitting[name], maxLength: maxLengths[name] }),
    }));
}

function previewed(rows: readonly MemorializedField[], scene: Scene, lengths: Lengths): PreviewedField[] {
  const { record, userId: crmUserId, storyLink } = scene;
  const { values, results } = mappedFields(rows, { record, context: { crmUserId, storyLink }, lengths });
  const own = new Map(rowsOf(rows, record).map(({ field, maxLength }) => [field, maxLength]));
  return results.map(({ field, outcome }) => ({
    field,
    outcome: outcome === 'cut' || outcome === 'dropped' || outcome === 'empty' ? outcome : 'written',
    ...defined({ value: values[field], maxLength: own.get(field) ?? lengths.get(field) }),
  }));
}
