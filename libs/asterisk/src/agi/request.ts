/** What Asterisk says of the call before the first command. */
export interface AgiRequest {
  /** Every `agi_*` line, by its name as it stands there, e.g. `agi_uniqueid`. */
  readonly variables: ReadonlyMap<string, string>;
  /** `route/main` of `AGI(agi://host:4573/route/main?tenant=acme)`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What `AGI()` was given behind the address, in order; empty ones are kept. */
  readonly args: readonly string[];
  /** Of the channel: the call's own id if it came from outside. */
  readonly uniqueId: string;
  /** `PJSIP/carrier-00000001` */
  readonly channel: string;
  /** Absent when the caller withheld it. */
  readonly callerNumber?: string;
  readonly callerName?: string;
  /** The number that was dialled: the DID. */
  readonly dialledNumber?: string;
  readonly context: string;
  readonly extension: string;
}

/** The lines `agi_name: value` as they came; what is none of them is left out. */
export function readAgiRequest(lines: readonly string[]): AgiRequest {
  const variables = new Map(lines.flatMap((line) => pairOf(line)));
  const text = (name: string): string => variables.get(name) ?? '';
  const [path, query] = splitScript(text('agi_network_script'));
  return {
    variables,
    path,
    query: new URLSearchParams(query),
    args: argsOf(variables),
    uniqueId: text('agi_uniqueid'),
    channel: text('agi_channel'),
    context: text('agi_context'),
    extension: text('agi_extension'),
    ...known('callerNumber', variables.get('agi_callerid')),
    ...known('callerName', variables.get('agi_calleridname')),
    ...known('dialledNumber', variables.get('agi_dnid')),
  };
}

function pairOf(line: string): [string, string][] {
  const found = /^(agi_\w+): ?(.*)$/s.exec(line);
  return found === null ? [] : [[found[1] ?? '', found[2] ?? '']];
}

function splitScript(script: string): [path: string, query: string] {
  const mark = script.indexOf('?');
  const path = mark === -1 ? script : script.slice(0, mark);
  return [path.replace(/^\/+/, ''), mark === -1 ? '' : script.slice(mark + 1)];
}

/** `agi_arg_1` and on, without a gap. */
function argsOf(variables: ReadonlyMap<string, string>): string[] {
  const args: string[] = [];
  for (let at = 1; variables.has(`agi_arg_${at}`); at += 1) args.push(variables.get(`agi_arg_${at}`) ?? '');
  return args;
}

/** Asterisk writes `unknown` for what it does not know. */
const known = <Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } =>
  value === undefined || value === '' || value === 'unknown' ? {} : ({ [name]: value } as { [key in Name]: string });
