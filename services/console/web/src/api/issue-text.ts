import type { IssueRule } from '@patchcord/contracts';
import { i18n } from '../i18n/index.ts';

const isNumber = (name: string | undefined): name is 'number' | 'int' => name === 'number' || name === 'int';

/** What is wrong with a field, in the language of the page: the rule that the API names, or else its own words. */
export function issueText({ message, rule }: { readonly message: string; readonly rule?: IssueRule }): string {
  // In a page that says nothing itself the API's words are passed on as they are.
  if (rule === undefined || !i18n.isInitialized) return message;
  const { name, limit = 0, names = [] } = rule;
  switch (name) {
    case 'type': {
      const [type] = names;
      return i18n.t(`refusals.rules.types.${isNumber(type) ? type : 'other'}`);
    }
    case 'too-short':
    case 'too-long':
    case 'too-few':
    case 'too-many':
      return i18n.t(`refusals.rules.${name}`, { count: limit });
    case 'too-small':
    case 'too-big':
      return i18n.t(`refusals.rules.${name}`, { limit });
    case 'one-of':
    case 'unknown-keys':
      return i18n.t(`refusals.rules.${name}`, { names: names.join(', ') });
    default:
      return i18n.t(`refusals.rules.${name}`);
  }
}
