import type { Issue } from '../../../api/client.ts';

/** The API names fields `rows[0].value`, forms name them `rows.0.value`. */
const fieldOf = (path: string): string => path.replaceAll(/\[(\w+)\]/g, '.$1').replace(/^\./, '');

/** What the API says about fields, for the form that shows them: of each the first, which is the most general one. */
export const formErrors = (issues: readonly Issue[]): Record<string, string> =>
  Object.fromEntries(issues.toReversed().map(({ path, message }) => [fieldOf(path), message]));

interface WithErrors {
  readonly errors: Readonly<Record<string, unknown>>;
  readonly clearFieldError: (path: string) => void;
}

/** What was said of the rows below a path may be about other rows, once one was moved or removed. */
export function clearErrorsBelow(form: WithErrors, path: string): void {
  for (const field of Object.keys(form.errors)) if (field.startsWith(`${path}.`)) form.clearFieldError(field);
}
