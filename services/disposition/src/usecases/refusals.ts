import { InvalidInput } from '@patchcord/bus';
import type { Failure } from '@patchcord/contracts';
import type { Refusal } from '../domain/choose.ts';

/** What the domain refused, as callers are told. */
export function refusalFailure(optionId: string, refusal: Refusal): Failure {
  return refusal.outcome === 'unknown-option' ? unknownOption(optionId, refusal) : formInvalid(refusal);
}

function formInvalid({ formId, issues }: Extract<Refusal, { outcome: 'form-invalid' }>): Failure {
  return new InvalidInput('form_invalid', `what was filled in does not fit the form "${formId}"`, issues);
}

function unknownOption(
  optionId: string,
  { validIds, campaignId }: Extract<Refusal, { outcome: 'unknown-option' }>,
): Failure {
  const expected =
    campaignId === undefined
      ? 'the call belongs to no campaign, so there are no dispositions to choose from'
      : validIds.length === 0
        ? `the campaign "${campaignId}" has no dispositions`
        : `expected one of ${validIds.map((id) => `"${id}"`).join(', ')}`;
  return new InvalidInput('unknown_disposition', `"${optionId}" cannot be recorded: ${expected}`, [
    { path: 'optionId', message: expected },
  ]);
}
