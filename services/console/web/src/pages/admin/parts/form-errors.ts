import type { Issue } from '../../../api/client.ts';

/** The API names fields `rows[0].value`, forms name them `rows.0.value`. */
const fieldOf = (path: string): string => path.replaceAll(/\[(\w+)\]/g, '.$1').replace(/^\./, '');

/** What the API says about fields, for the form that shows them. */
export const formErrors = (issues: readonly Issue[]): Record<string, string> =>
  Object.fromEntries(issues.map(({ path, message }) => [fieldOf(path), message]));
