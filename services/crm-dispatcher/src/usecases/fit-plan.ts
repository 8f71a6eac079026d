import { type Crm, cutText } from '@patchcord/connectors';
import { Failure } from '@patchcord/contracts';
import type { FieldLengths } from '../adapters/field-lengths.ts';
import type { CreatePlan, TimelinePlan, UpdatePlan, WritePlan } from '../domain/workflow-plan.ts';

interface FitPlanOptions {
  readonly lengths: FieldLengths;
  readonly crm: Crm;
  /** Whose fields: names the connection among those of all tenants. */
  readonly key: string;
  /** Where the CRM keeps its timeline. */
  readonly callsModule: string;
}

export interface FittedPlan {
  readonly plan: WritePlan;
  /** Fields whose text is shorter than it was. */
  readonly cut: readonly string[];
}

/** Cuts texts, with a marker, that the CRM's fields are too short for, as far as it tells how long they are. */
export async function fitPlan(options: FitPlanOptions, plan: WritePlan): Promise<FittedPlan | Failure> {
  if (plan.type === 'timeline') return fitEntry(options, plan);
  const { values, cut } = await fitValues(options, plan.module, plan.values);
  const unfit = plan.type === 'create' ? uniqueProblem(plan, cut) : undefined;
  return unfit ?? { plan: { ...plan, values }, cut };
}

/** Two that are cut may be the same: the one would be written into the other's record. */
function uniqueProblem({ unique }: CreatePlan, cut: readonly string[]): Failure | undefined {
  if (unique === undefined || !cut.includes(unique.field)) return undefined;
  const message = `the value of ${unique.field} is longer than the field in the CRM: the record would not be found by it`;
  return new Failure('permanent', 'value_too_long', message);
}

async function fitEntry(options: FitPlanOptions, plan: TimelinePlan): Promise<FittedPlan> {
  const { fields: own } = plan.entry;
  if (own === undefined) return { plan, cut: [] };
  const { values: fields, cut } = await fitValues(options, options.callsModule, own);
  return { plan: { ...plan, entry: { ...plan.entry, fields } }, cut };
}

type Values = UpdatePlan['values'];

async function fitValues(
  { lengths, crm, key }: FitPlanOptions,
  module: string,
  values: Values,
): Promise<{ readonly values: Values; readonly cut: readonly string[] }> {
  const isText = Object.values(values).some((value) => typeof value === 'string' && value !== '');
  const known = isText ? await lengths(crm, key, module) : new Map<string, number>();
  const cut: string[] = [];
  const fitting = Object.entries(values).map(([field, value]) => {
    const most = known.get(field) ?? Infinity;
    if (typeof value !== 'string' || value.length <= most) return [field, value] as const;
    cut.push(field);
    return [field, cutText(value, most)] as const;
  });
  return { values: Object.fromEntries(fitting), cut };
}
