import { askingProblems } from './asking-texts.ts';
import type { RouteDestination, RoutingRule } from './routing-rule.ts';

/** What is wrong with a rule that somebody stores. Rules stored before stay in force. */
export function routingRuleProblems(rule: RoutingRule): { readonly path: string; readonly expected: string }[] {
  const { url, egress, rows, on } = rule;
  const plain = url !== undefined && /^http:/i.test(url) && !egress.allowHttp;
  const expected = 'an https:// URL; plain http only where egress.allowHttp is set';
  return [
    ...(plain ? [{ path: 'url', expected }] : []),
    ...askingProblems(rule),
    ...destinationProblem('default', rule.default),
    ...rows.flatMap(({ destination }, row) => destinationProblem(`rows[${row}].destination`, destination)),
    ...Object.entries(on).flatMap(([name, destination]) => destinationProblem(`on.${name}`, destination)),
  ];
}

const targets: Readonly<Record<Exclude<RouteDestination['type'], 'hangup'>, string>> = {
  queue: 'the name or number of the queue',
  ivr: 'the name or number of the IVR',
  extension: 'the number of the extension',
  voicemail: 'the number of the mailbox',
  'play-recording': 'the name of the recording',
};

function destinationProblem(path: string, destination: RouteDestination | undefined) {
  if (destination === undefined || destination.type === 'hangup' || destination.target.trim() !== '') return [];
  return [{ path: `${path}.target`, expected: targets[destination.type] }];
}

/** A dialled number as it is compared: its digits, whether or not a carrier writes a plus before them. */
export const dialledDigits = (number: string): string => number.replace(/[^0-9*#]/g, '');

/** The rule whose numbers hold the dialled one. */
export const ruleOfDialled = (rules: ReadonlyMap<string, RoutingRule>, dialled: string): RoutingRule | undefined =>
  [...rules.values()].find(
    ({ location }) =>
      location?.type === 'did' && location.dids.some((did) => dialledDigits(did) === dialledDigits(dialled)),
  );
