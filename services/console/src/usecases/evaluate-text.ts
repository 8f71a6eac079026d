import { InvalidInput } from '@patchcord/bus';
import { type Placeholder, parseTemplate, placeholdersOf, templateMessage } from '@patchcord/contracts';
import { type Encoding, evaluate, renderTemplate, type Scope } from '@patchcord/expressions';
import type { SampleValues } from '../domain/sample-values.ts';
import { type CallValuesDeps, callValues } from './call-values.ts';

export interface EvaluateText {
  readonly tenantId: string;
  readonly text: string;
  readonly encoding: Encoding;
  readonly callId?: string | undefined;
  readonly values: SampleValues;
}

interface EvaluatedPlaceholder {
  readonly expression: string;
  readonly found: boolean;
  readonly value?: unknown;
  /** What is wrong with the expression, or likely wrong. */
  readonly note?: string;
}

export interface EvaluatedText {
  readonly text: string;
  /** What is missing in the text, and made-up values that no call ever has. */
  readonly notes: readonly string[];
  /** Each name once, in the order of the text. */
  readonly placeholders: readonly EvaluatedPlaceholder[];
}

/** Fills the placeholders of a text. @throws InvalidInput; what {@link callValues} throws */
export async function evaluateText(deps: CallValuesDeps, request: EvaluateText): Promise<EvaluatedText> {
  const parsed = parseTemplate(request.text);
  if (!parsed.ok) {
    const issue = { path: 'text', message: templateMessage(parsed.problem) };
    throw new InvalidInput('invalid_request', issue.message, [issue]);
  }
  const { scope, notes } = await callValues(deps, request);
  const { text, notes: missing } = renderTemplate(parsed.template, scope, request.encoding);
  const names = new Map(placeholdersOf(parsed.template).map((placeholder) => [placeholder.name, placeholder]));
  return {
    text,
    notes: [...missing, ...notes],
    placeholders: [...names.values()].map((placeholder) => evaluated(placeholder, scope)),
  };
}

function evaluated({ name, path }: Placeholder, scope: Scope): EvaluatedPlaceholder {
  const evaluation = evaluate({ name, path }, scope);
  if ('error' in evaluation) return { expression: name, found: false, note: evaluation.error };
  if (evaluation.found) return { expression: name, found: true, value: evaluation.value };
  return { expression: name, found: false, ...(evaluation.note === undefined ? {} : { note: evaluation.note }) };
}
