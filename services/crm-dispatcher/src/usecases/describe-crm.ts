import { aboutConnection, type Crm, type CrmResult } from '@patchcord/connectors';
import type { CrmDescribedField, CrmDescribedModule, CrmDescribeReply, CrmDescribeRequest } from '@patchcord/contracts';
import { type AskCrm, type AskCrmOptions, storedConnection, timeOf, told } from './ask-crm.ts';

export type DescribeCrm = (request: CrmDescribeRequest) => Promise<CrmDescribeReply>;

/** A reply is one message on the bus: more of a CRM is not told at once. */
const mostModules = 3000;
const mostFields = 1500;
const mostChoices = 200;
/** In bytes. */
const longestReply = 800_000;

/** Tells what the CRM of a connection can, and which modules, or fields of a module, it has. */
export function createDescribeCrm(options: Pick<AskCrmOptions, 'config'>, ask: AskCrm): DescribeCrm {
  return async ({ tenantId, connectionId, module, budgetMs }) => {
    const connection = storedConnection(options, tenantId, connectionId);
    const asked = { tenantId, connection, timeoutMs: timeOf(connection, budgetMs) };
    const about = aboutConnection(connection);
    const answer = await ask(asked, (crm) => described(crm, module));
    return { ...told(answer), about, ...(answer.result.outcome === 'done' ? answer.result.value : {}) };
  };
}

type Told = Pick<CrmDescribeReply, 'modules' | 'fields' | 'more'>;

async function described(crm: Crm, module: string | undefined): Promise<CrmResult<Told>> {
  if (module === undefined) {
    const listed = await crm.listModules();
    if (listed.outcome !== 'done') return listed;
    const modules: CrmDescribedModule[] = listed.value.slice(0, mostModules).map((one) => ({ ...one }));
    return { outcome: 'done', value: { modules, ...moreThan(listed.value.length > mostModules) } };
  }
  const listed = await crm.listFields(module);
  return listed.outcome === 'done' ? { outcome: 'done', value: fittingFields(listed.value) } : listed;
}

const moreThan = (more: boolean): { more?: true } => (more ? { more } : {});

type Field = Omit<CrmDescribedField, 'choices'> & {
  readonly choices?: readonly { value: string; label: string }[] | undefined;
};

function fittingFields(all: readonly Field[]): Told {
  const fields = all.slice(0, mostFields).map((field) => withChoices(field, mostChoices));
  const more = all.length > mostFields || all.some(({ choices = [] }) => choices.length > mostChoices);
  if (Buffer.byteLength(JSON.stringify(fields)) <= longestReply) return { fields, ...moreThan(more) };
  return { fields: fields.map((field) => withChoices(field, 0)), more: true };
}

function withChoices({ choices, ...field }: Field, most: number): CrmDescribedField {
  if (choices === undefined || most === 0) return field;
  return { ...field, choices: choices.slice(0, most).map((one) => ({ ...one })) };
}
