import { callPlaceholders } from '../call-text.ts';
import type { RoutingInput } from '../routing-rpc.ts';
import { callUrlProblem } from './external-site-rules.ts';

/**
 * What placeholders of a routing rule or an identification may name, and which input each is read from. The session is
 * not asked for while a caller waits, so that there is no more than the dialplan said.
 */
const askingNames = {
  'call.id': 'callId',
  'call.from': 'ani',
  'call.from.number': 'ani',
  'call.from.national': 'ani',
  'call.from.kind': 'ani',
  'call.ani': 'ani',
  'call.to': 'dnis',
  'call.to.number': 'dnis',
  'call.to.national': 'dnis',
  'call.to.kind': 'dnis',
  'call.dnis': 'dnis',
  'call.did': 'dnis',
  'call.digits': 'dtmf',
} as const satisfies Record<string, keyof RoutingInput>;

export const isAskingName = (name: string): name is keyof typeof askingNames => Object.hasOwn(askingNames, name);

/** The address and headers by which somebody is asked while a caller waits. */
export interface AskingTexts {
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const textsOf = ({ url = '', headers }: AskingTexts): (readonly [path: string, text: string])[] => [
  ['url', url],
  ...Object.entries(headers).map(([name, value]) => [`headers.${name}`, value] as const),
];

/** What is wrong with the placeholders of such texts. Checked when they are stored; those stored before stay in force. */
export function askingProblems(texts: AskingTexts): { readonly path: string; readonly expected: string }[] {
  const { url = '' } = texts;
  const message = callUrlProblem(url)?.replace(/^expected /, '');
  const unknown = textsOf(texts).flatMap(([path, text]) => {
    const wrong = callPlaceholders(text).find(({ name }) => !isAskingName(name));
    if (wrong === undefined) return [];
    const names = Object.keys(askingNames).map((name) => `{${name}}`);
    const expected = `no {${wrong.name}}: while a caller waits there are ${names.join(', ')}`;
    return [{ path, expected }];
  });
  return [...(message === undefined ? [] : [{ path: 'url', expected: message }]), ...unknown];
}

/** Which inputs the placeholders of such texts are read from, so that questions can be told apart by them. */
export function askedInputs(texts: AskingTexts): ReadonlySet<keyof RoutingInput> {
  const names = textsOf(texts).flatMap(([, text]) => callPlaceholders(text).map(({ name }) => name));
  return new Set(names.filter(isAskingName).map((name) => askingNames[name]));
}
