import type { Automation, AutomationActionOf, AutomationBucket } from '@patchcord/contracts';
import { type Pair, pairsOf, recordOf } from '../parts/pair-rows.tsx';
import { withoutBlanks } from '../parts/values.ts';

type HttpAction = AutomationActionOf<'http'>;

/** An automation as its form holds it: the fields of every kind of action side by side, so that none is lost by a look at another. */
export interface AutomationValues {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly on: string[];
  readonly campaigns: string[];
  readonly trigger: string;
  readonly invert: boolean;
  readonly triggerEnabled: boolean;
  readonly priority: number;
  readonly type: Automation['action']['type'];
  readonly http: {
    readonly method: HttpAction['method'];
    readonly url: string;
    readonly format: HttpAction['format'];
    readonly buckets: AutomationBucket[];
    readonly parameters: readonly Pair[];
    readonly headers: readonly Pair[];
    readonly authentication: string;
    readonly timeoutMs: number;
    readonly answer: readonly Pair[];
    readonly answerSession: string;
    readonly tls: HttpAction['tls'];
    readonly egress: HttpAction['egress'];
  };
  readonly variables: readonly Pair[];
  readonly workflow: string;
  readonly phoneNumber: string;
  readonly text: string;
  /** What of the workflow's input has no field of its own here. It is kept. */
  readonly otherInput: object;
  readonly mail: {
    readonly server: string;
    readonly to: string[];
    readonly cc: string[];
    readonly bcc: string[];
    readonly replyTo: string;
    readonly subject: string;
    readonly text: string;
    readonly html: string;
  };
  readonly eventName: string;
  readonly eventValues: readonly Pair[];
  readonly giveUpAfterSeconds: number | '';
  readonly perSecond: number | '';
  readonly concurrency: number;
}

export const emptyAutomation: AutomationValues = {
  id: '',
  name: '',
  enabled: true,
  on: ['call.ended'],
  campaigns: [],
  trigger: '',
  invert: false,
  triggerEnabled: true,
  priority: 0,
  type: 'http',
  http: {
    method: 'POST',
    url: '',
    format: 'json',
    buckets: ['call'],
    parameters: [],
    headers: [],
    authentication: '',
    timeoutMs: 10_000,
    answer: [],
    answerSession: '',
    tls: { verify: true, minVersion: 'TLSv1.2' },
    egress: { allowHttp: false, allowCidrs: [] },
  },
  variables: [],
  workflow: '',
  phoneNumber: '',
  text: '',
  otherInput: {},
  mail: { server: '', to: [], cc: [], bcc: [], replyTo: '', subject: '', text: '', html: '' },
  eventName: '',
  eventValues: [],
  giveUpAfterSeconds: '',
  perSecond: '',
  concurrency: 20,
};

export function automationToForm(automation: Automation): AutomationValues {
  const { id, name, enabled, on, campaigns, when, priority, action, giveUpAfterSeconds, rateLimit, concurrency } =
    automation;
  return {
    ...emptyAutomation,
    id,
    name,
    enabled,
    priority,
    concurrency,
    on: [...on],
    campaigns: [...campaigns],
    trigger: when?.trigger ?? '',
    invert: when?.invert ?? false,
    triggerEnabled: when?.enabled ?? true,
    giveUpAfterSeconds: giveUpAfterSeconds ?? '',
    perSecond: rateLimit?.perSecond ?? '',
    ...actionToForm(action),
  };
}

function actionToForm(action: Automation['action']): Partial<AutomationValues> & Pick<AutomationValues, 'type'> {
  const { type } = action;
  switch (action.type) {
    case 'http':
      return { type, http: httpToForm(action) };
    case 'set-variables':
      return { type, variables: valuePairs(action.variables) };
    case 'crm-workflow': {
      const { phoneNumber = '', text = '', ...otherInput } = action.input;
      return { type, workflow: action.workflow, phoneNumber, text, otherInput };
    }
    case 'email': {
      const { server, to, cc, bcc, replyTo = '', subject, text, html = '' } = action;
      return { type, mail: { server, to, cc, bcc, replyTo, subject, text, html } };
    }
    case 'event':
      return { type, eventName: action.name, eventValues: valuePairs(action.values) };
  }
}

function httpToForm(action: HttpAction): AutomationValues['http'] {
  const {
    method,
    url,
    format,
    buckets,
    parameters,
    headers,
    authentication = '',
    timeoutMs,
    answer,
    tls,
    egress,
  } = action;
  return {
    method,
    url,
    format,
    buckets: [...buckets],
    timeoutMs,
    tls,
    egress,
    authentication,
    parameters: valuePairs(parameters),
    headers: pairsOf(headers),
    answer: pairsOf(answer?.variables),
    answerSession: answer?.session ?? '',
  };
}

/** Values that are no texts are written as JSON has them, and read back so; a text that looks like one stands in quotes. */
const valuePairs = (values: Readonly<Record<string, unknown>>): Pair[] =>
  Object.entries(values).map(([name, value]) => ({
    name,
    value: typeof value === 'string' && !isJsonWord(value) ? value : JSON.stringify(value),
  }));

const isJsonWord = (text: string): boolean =>
  /^(null|true|false|-?\d+(\.\d+)?([eE][+-]?\d+)?|".*")$/s.test(text.trim());

export const valuesOf = (pairs: readonly Pair[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(recordOf(pairs)).map(([name, text]) => [name, readValue(text)]));

function readValue(text: string): unknown {
  if (!isJsonWord(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function automationToEntity(values: AutomationValues): object {
  const { id, name, enabled, on, campaigns, trigger, invert, triggerEnabled, priority, concurrency } = values;
  const { giveUpAfterSeconds, perSecond } = values;
  return {
    id,
    name,
    enabled,
    on,
    campaigns,
    priority,
    concurrency,
    ...(trigger === '' ? {} : { when: { trigger, invert, enabled: triggerEnabled } }),
    ...withoutBlanks({ giveUpAfterSeconds }),
    ...(perSecond === '' ? {} : { rateLimit: { perSecond } }),
    action: { type: values.type, ...actionOf(values) },
  };
}

function actionOf(values: AutomationValues): object {
  switch (values.type) {
    case 'http':
      return httpOf(values.http);
    case 'set-variables':
      return { variables: valuesOf(values.variables) };
    case 'crm-workflow': {
      const { workflow, phoneNumber, text, otherInput } = values;
      return { workflow, input: { ...otherInput, ...withoutBlanks({ phoneNumber, text }) } };
    }
    case 'email':
      return { ...values.mail, ...optionalMail(values.mail) };
    case 'event':
      return { name: values.eventName, values: valuesOf(values.eventValues) };
  }
}

function httpOf({ parameters, headers, authentication, answer, answerSession, ...same }: AutomationValues['http']) {
  const variables = recordOf(answer);
  const mapping = {
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...withoutBlanks({ session: answerSession }),
  };
  return {
    ...same,
    ...withoutBlanks({ authentication }),
    parameters: valuesOf(parameters),
    headers: recordOf(headers),
    ...(Object.keys(mapping).length === 0 ? {} : { answer: mapping }),
  };
}

/** Undefined: not sent, where it is empty. */
const optionalMail = ({ replyTo, html }: AutomationValues['mail']) => ({
  replyTo: replyTo === '' ? undefined : replyTo,
  html: html === '' ? undefined : html,
});
