import { type ExpressionEntry, expressionCatalogue } from '@patchcord/expressions';
import { page, table } from './markdown.ts';

const groups: Readonly<Record<ExpressionEntry['group'], string>> = {
  call: 'The call',
  agent: 'The agent',
  queue: 'The queue',
  recording: 'The recording',
  session: 'What was written into the session',
  variable: 'Variables of the PBX',
};

/** Every name that an expression can have, and from which event on there may be a value. */
export function expressionsPage(): string {
  return page(
    'Names of expressions',
    'libs/expressions/src/templates',
    'A value may be there from the event in the last column on; before it, and in calls that never come there, the name ' +
      'has none. `call.` before an event is left out. What stands between `<` and `>` is to be replaced. How they are ' +
      'used: [expressions](../expressions.md).',
    ...Object.entries(groups).map(([group, title]) => section(group as ExpressionEntry['group'], title)),
  );
}

function section(group: ExpressionEntry['group'], title: string): string {
  const rows = expressionCatalogue
    .filter((entry) => entry.group === group)
    .map(({ name, label, type, example, since }) => [
      code(name),
      label,
      type,
      code(typeof example === 'string' ? example : JSON.stringify(example)),
      since.replace(/^call\./, ''),
    ]);
  return `## ${title}\n\n${table(['name', 'meaning', 'type', 'example', 'from'], rows)}`;
}

const code = (text: string): string => `\`${text}\``;
