import type { CrmWorkflow, CrmWorkflowType, ValueTemplate, workflowRecordSources } from '@patchcord/contracts';
import { every } from '../../../../parts/every.ts';
import { type Pair, pairsOf, recordOf } from '../../parts/pair-rows.tsx';

export const workflowTypes = every<CrmWorkflowType>({
  'search-by-phone': true,
  search: true,
  'dynamic-search': true,
  create: true,
  'create-custom': true,
  update: true,
  timeline: true,
});

export const recordSources = every<(typeof workflowRecordSources)[number]>({ input: true, card: true, phone: true });

/** A field and what is written into it; what is no text has a type of its own. */
export interface ValueRow {
  readonly field: string;
  readonly type: 'text' | 'number' | 'yes' | 'no' | 'nothing';
  readonly text: string;
}

export interface WorkflowValues {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly type: CrmWorkflowType;
  readonly connection: string;
  readonly timeoutMs: number | '';
  readonly card: boolean;
  readonly variables: Pair[];
  readonly modules: string[];
  readonly module: string;
  readonly number: string;
  readonly fields: string[];
  readonly limit: number | '';
  readonly equals: ValueRow[];
  readonly expression: string;
  readonly mapping: string | null;
  readonly values: ValueRow[];
  readonly inputFields: string[];
  readonly unique: string;
  readonly recordFrom: string[];
  readonly subject: string;
  readonly notes: string;
}

export const emptyWorkflow: WorkflowValues = {
  id: '',
  name: '',
  enabled: true,
  type: 'search-by-phone',
  connection: '',
  timeoutMs: 6000,
  card: true,
  variables: [],
  modules: [],
  module: '',
  number: '',
  fields: [],
  limit: 20,
  equals: [],
  expression: '',
  mapping: null,
  values: [],
  inputFields: [],
  unique: '',
  recordFrom: [...recordSources],
  subject: '',
  notes: '',
};

/** Whether something is written into the CRM when it runs. */
export const writes = (type: CrmWorkflowType): boolean =>
  !['search-by-phone', 'search', 'dynamic-search'].includes(type);

const common = ['id', 'name', 'enabled', 'type', 'connection', 'timeoutMs', 'card', 'variables'] as const;
type Field = keyof WorkflowValues;

/** What each type is told beside what all are told. */
export const fieldsOfType = {
  'search-by-phone': ['modules', 'number', 'fields', 'limit'],
  search: ['module', 'equals', 'expression', 'fields', 'limit'],
  'dynamic-search': ['mapping', 'modules', 'limit'],
  create: ['module', 'values', 'unique'],
  'create-custom': ['module', 'values', 'inputFields', 'unique'],
  update: ['module', 'values', 'inputFields', 'recordFrom'],
  timeline: ['subject', 'notes', 'values', 'recordFrom'],
} as const satisfies Record<CrmWorkflowType, readonly Field[]>;

export function workflowForm(entity: CrmWorkflow): WorkflowValues {
  const { variables, ...told } = entity;
  const own = told as Partial<WorkflowValues> & { equals?: Templates; values?: Templates };
  return {
    ...emptyWorkflow,
    ...(own as Partial<WorkflowValues>),
    variables: pairsOf(variables),
    equals: rowsOf(own.equals),
    values: rowsOf(own.values),
  };
}

type Templates = Readonly<Record<string, ValueTemplate>>;

const rowsOf = (values: Templates | undefined): ValueRow[] =>
  Object.entries(values ?? {}).map(([field, value]) => rowOf(field, value));

function rowOf(field: string, value: ValueTemplate): ValueRow {
  if (value === null) return { field, type: 'nothing', text: '' };
  if (typeof value === 'boolean') return { field, type: value ? 'yes' : 'no', text: '' };
  return { field, type: typeof value === 'number' ? 'number' : 'text', text: String(value) };
}

const templateOf = ({ type, text }: ValueRow): ValueTemplate => {
  if (type === 'nothing') return null;
  if (type === 'yes' || type === 'no') return type === 'yes';
  // A number that is none stays what was typed: the API says what it expects.
  return type === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
};

const templatesOf = (rows: readonly ValueRow[]): Templates =>
  Object.fromEntries(rows.filter(({ field }) => field !== '').map((row) => [row.field, templateOf(row)]));

/** What is stored: of the fields those that its type has. */
export function workflowOf(values: WorkflowValues): object {
  const variables = recordOf(values.variables);
  const kept: readonly Field[] = [...common, ...fieldsOfType[values.type]];
  const written = {
    ...values,
    equals: values.equals.length === 0 ? undefined : templatesOf(values.equals),
    values: templatesOf(values.values),
    variables: Object.keys(variables).length === 0 ? undefined : variables,
  };
  return Object.fromEntries(
    kept
      .map((field) => [field, written[field]])
      .filter(([, value]) => value !== '' && value !== null && value !== undefined),
  ) as object;
}
