import type { Campaign, DispositionRequest, DispositionValue, Form } from '@patchcord/contracts';
import { type FormIssue, validateForm } from './form-values.ts';

/** What somebody says; the name of the option is looked up. */
export type DispositionInput = DispositionRequest['disposition'];

export type Refusal =
  | {
      readonly outcome: 'unknown-option';
      readonly validIds: readonly string[];
      readonly campaignId: string | undefined;
    }
  | { readonly outcome: 'form-invalid'; readonly formId: string; readonly issues: readonly FormIssue[] };

export interface ChoiceRules {
  readonly campaign: Campaign | undefined;
  readonly forms: ReadonlyMap<string, Form>;
  /** Whoever asks cannot fill in forms: one that is not given is left as it is. */
  readonly withoutForm?: boolean | undefined;
  readonly previous?: DispositionValue | undefined;
}

/** The value to be stored, or why it cannot be. Without a form of its own, an option takes whatever fields it is given. */
export function choose(
  input: DispositionInput,
  rules: ChoiceRules,
): Refusal | { readonly outcome: 'valid'; readonly value: DispositionValue } {
  const options = rules.campaign?.dispositions ?? [];
  const option = options.find(({ id }) => id === input.optionId);
  if (option === undefined) {
    return { outcome: 'unknown-option', validIds: options.map(({ id }) => id), campaignId: rules.campaign?.id };
  }
  const { comments } = input;
  const filled = filledIn(input, rules, option.form);
  if ('outcome' in filled) return filled;
  const value = {
    optionId: option.id,
    name: option.name,
    ...(comments === undefined ? {} : { comments }),
    ...(filled.form === undefined ? {} : { form: filled.form }),
  };
  return { outcome: 'valid', value };
}

function filledIn(
  { optionId, form: given }: DispositionInput,
  { forms, previous, withoutForm = false }: ChoiceRules,
  formId: string | undefined,
): Refusal | { readonly form: Record<string, unknown> | undefined } {
  if (given === undefined && withoutForm) {
    return { form: previous?.optionId === optionId ? previous.form : undefined };
  }
  const form = formId === undefined ? undefined : forms.get(formId);
  if (form === undefined) return { form: given };
  const checked = validateForm(form, given ?? {});
  return checked.ok ? { form: checked.values } : { outcome: 'form-invalid', formId: form.id, issues: checked.issues };
}
