import { z } from 'zod';
import { sessionKeyProblem } from '../session-data.ts';
import { expressionText, parseTemplate, templateMessage, templateText } from '../template.ts';
import { token } from '../tokens.ts';
import { workflowInputTemplates } from './crm-workflow.ts';
import { patternProblem } from './pattern.ts';
import { shortTriggerUse } from './trigger.ts';
import { valueTemplate, variablesOf } from './variable-templates.ts';

/** What every module has. `next` ("after flow"): the module when nothing else applies; absent: the flow ends there. */
const moduleFields = {
  id: token,
  name: z.string().min(1).max(128).optional(),
  /** Automations that run as a call passes: `enter` when it comes in, `exit` when it goes on. */
  automations: z
    .array(z.strictObject({ position: z.enum(['enter', 'exit']), automation: token }))
    .max(20)
    .default([]),
};
const next = { next: token.optional() };

const isSound = /^[^\p{C}"\\&,]+$/u;

/** A sound in the PBX's own words; values that placeholders bring add letters, digits, `_` and `-`, never a path. */
const sound = z.string().superRefine((text, context) => {
  const message = soundProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

function soundProblem(text: string): string | undefined {
  if (text.trim() === '' || text.length > 256) return 'expected the name of a sound, of 1 to 256 characters';
  if (!isSound.test(text)) return 'expected the name of a sound without quotes, "\\", "&" and ","';
  const parsed = parseTemplate(text);
  return parsed.ok ? undefined : templateMessage(parsed.problem);
}

/** A name in the PBX's own words, or a template of one. */
const nameText = templateText(256).refine((text) => text.trim() !== '', 'expected a name, or a placeholder for one');

const speech = {
  /** What is said, e.g. `Good morning, {ivr.name|dear customer}`. */
  text: templateText(4000).refine((text) => text.trim() !== '', 'expected a text to say'),
  /** BCP 47, e.g. `en-GB`. Not given: that of the engine. */
  language: nameText.optional(),
  voice: nameText.optional(),
};

/** Something the caller hears: a sound, or a text to say. A sound's name alone is enough. */
export const flowPrompt = z.union(
  [z.strictObject({ sound }), z.strictObject(speech), sound.transform((name) => ({ sound: name }))],
  {
    error: ({ input }) =>
      (typeof input === 'string' ? soundProblem(input) : undefined) ??
      'expected the name of a sound, or {"text": "…"} to say it',
  },
);
export type FlowPrompt = z.infer<typeof flowPrompt>;

/** Where the call goes on when a trigger fires. */
const flowRoute = z.strictObject({
  when: shortTriggerUse,
  /** The highest is looked at first; of equal ones the one that stands first. */
  priority: z.number().int().min(-1000).max(1000).default(0),
  module: token,
});
export type FlowRoute = z.infer<typeof flowRoute>;
const routes = z.array(flowRoute).max(50).default([]);

const pauseMs = (least: number) => z.number().int().min(least).max(60_000);

/** Whether keys interrupt a prompt, and how long after its start they begin to (ms). */
const bargeIn = z
  .union(
    [
      z.strictObject({ enabled: z.boolean().default(true), delayMs: z.number().int().min(0).max(60_000).default(0) }),
      z.boolean().transform((enabled) => ({ enabled, delayMs: 0 })),
    ],
    { error: 'expected true, false, or {"enabled": true, "delayMs": 500}' },
  )
  .prefault({});

/** How a caller is asked, and asked again. */
const asking = {
  prompt: flowPrompt.optional(),
  /** Said before the prompt when he entered nothing: the first time, and from the second time on. */
  noInputPrompts: z.array(flowPrompt).max(2).default([]),
  /** The same when what he entered does not fit. */
  noMatchPrompts: z.array(flowPrompt).max(2).default([]),
  /** How often he may try, the first time included. */
  maxAttempts: z.number().int().min(1).max(20).default(3),
  bargeIn,
};

export const terminationDigits = [
  'NONE',
  'ANY',
  'ASTERISK',
  'HASH',
  'KEY_0',
  'KEY_1',
  'KEY_2',
  'KEY_3',
  'KEY_4',
  'KEY_5',
  'KEY_6',
  'KEY_7',
  'KEY_8',
  'KEY_9',
] as const;
export type TerminationDigit = (typeof terminationDigits)[number];

const audioPlayer = z.strictObject({
  ...moduleFields,
  ...next,
  type: z.literal('audio-player'),
  prompts: z.array(flowPrompt).min(1).max(20),
});

const textToSpeech = z.strictObject({ ...moduleFields, ...next, type: z.literal('text-to-speech'), ...speech });

const inputReader = z
  .strictObject({
    ...moduleFields,
    ...next,
    type: z.literal('input-reader'),
    /** `reference` is written to `app.inputReader.reference`. */
    variable: z.string().superRefine((name, context) => {
      const problem = sessionKeyProblem(`app.inputReader.${name}`);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: `expected ${problem}` });
    }),
    min: z.number().int().min(0).max(64).default(1),
    /** The entry is complete with this many keys; a termination digit is not waited for. */
    max: z.number().int().min(1).max(64).default(30),
    /** The key that ends an entry and is no part of it; `ANY`: `*` and `#`; `NONE`: no key, so that both may be entered. */
    terminationDigit: z.enum(terminationDigits).default('HASH'),
    /** Time for the first key, from the end of the prompts (ms). */
    readTimeoutMs: pauseMs(1000).default(5000),
    /** A pause of this length ends an entry (ms). */
    betweenDigitsTimeoutMs: pauseMs(500).default(3000),
    ...asking,
    /** Nothing entered is no failed attempt: the call goes on without the variable. */
    ignoreNoInput: z.boolean().default(false),
    /** What the whole entry must be, in the syntax of RE2. */
    pattern: z.string().optional(),
    /** Looked at when the reader is done, with an entry or without. */
    routes,
    /** The module when all attempts failed. Not given: routes, then `next`. */
    otherwise: token.optional(),
  })
  .superRefine(({ min, max, pattern }, context) => {
    if (min > max)
      context.addIssue({ code: 'custom', path: ['min'], message: `expected at most ${max}, which "max" allows` });
    const message = pattern === undefined ? undefined : patternProblem(pattern);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['pattern'], message });
  });

const menuOptions = z.record(z.string(), token).superRefine((options, context) => {
  const keys = Object.keys(options);
  if (keys.length === 0) context.addIssue({ code: 'custom', message: 'expected at least one key, e.g. "1": sales' });
  for (const key of keys.filter((one) => !/^[0-9*#]$/.test(one)))
    context.addIssue({
      code: 'custom',
      path: [key],
      message: `expected a key of the telephone (0 to 9, * or #), not "${key}"`,
    });
});

const simpleMenu = z.strictObject({
  ...moduleFields,
  ...next,
  type: z.literal('simple-menu'),
  /** Key to module, e.g. `{"1": sales, "2": support}`. */
  options: menuOptions,
  timeoutMs: pauseMs(1000).default(5000),
  ...asking,
});

const switchNode = z.strictObject({
  ...moduleFields,
  ...next,
  type: z.literal('switch'),
  /** Switched off it leads every call to `next`. */
  enabled: z.boolean().default(true),
  routes,
});

const queue = z.strictObject({
  ...moduleFields,
  /** Where a call goes that comes back from the queue: after `timeoutMs`, or because there is nobody. */
  ...next,
  type: z.literal('queue'),
  queue: nameText,
  priority: z.number().int().min(0).max(1000).optional(),
  timeoutMs: z.number().int().min(1000).max(86_400_000).optional(),
});

const transfer = z.strictObject({
  ...moduleFields,
  /** Where a call goes that nobody took. */
  ...next,
  type: z.literal('transfer'),
  to: nameText,
  /** How long it rings there (ms); 0: as long as the PBX lets it. */
  timeoutMs: z.number().int().min(0).max(600_000).default(60_000),
});

const voicemail = z.strictObject({ ...moduleFields, ...next, type: z.literal('voicemail'), mailbox: nameText });

const playRecording = z.strictObject({
  ...moduleFields,
  ...next,
  type: z.literal('play-recording'),
  recording: nameText,
});

const hangup = z.strictObject({ ...moduleFields, type: z.literal('hangup') });

const waitForVariable = z
  .strictObject({
    ...moduleFields,
    /** Where the call goes as soon as it is there. */
    ...next,
    type: z.literal('wait-for-variable'),
    /** Waited for until it has a value that is not empty text, e.g. `ivr.email`. */
    expression: expressionText.optional(),
    /** Instead: waited for until this trigger fires. */
    when: shortTriggerUse.optional(),
    /** How long at most (ms). */
    budgetMs: z.number().int().min(100).max(120_000).default(5000),
    /** What the caller hears meanwhile, again and again. */
    filler: z.array(flowPrompt).max(20).default([]),
    /** Where it goes when it does not come in time. */
    otherwise: z
      .string({ error: 'expected the module for a variable that does not come in time: "otherwise"' })
      .pipe(token),
  })
  .superRefine(({ expression, when }, context) => {
    if ((expression === undefined) === (when === undefined))
      context.addIssue({
        code: 'custom',
        path: ['expression'],
        message: 'expected either "expression" or "when": what is waited for',
      });
  });

/** Runs an automation and waits until its answer is in the session. Its retries go on when the call does not wait any more. */
const httpAction = z.strictObject({
  ...moduleFields,
  /** Where the call goes when the answer is there, or when the automation's trigger did not fire. */
  ...next,
  type: z.literal('http-action'),
  /** Id of an automation whose action is `http`. */
  automation: token,
  /** How long the call waits at most (ms). */
  budgetMs: z.number().int().min(100).max(120_000).default(5000),
  /** What the caller hears meanwhile, again and again. */
  filler: z.array(flowPrompt).max(20).default([]),
  /** Where it goes when no answer comes in time, or the automation is dead. */
  otherwise: z
    .string({ error: 'expected the module for an answer that does not come in time: "otherwise"' })
    .pipe(token),
});

/** Starts a workflow of a CRM and waits until it is known what came of it. What it writes goes on when the call does not wait any more. */
const crmWorkflowModule = z.strictObject({
  ...moduleFields,
  /** Where the call goes on with an outcome that has no branch of its own. */
  ...next,
  type: z.literal('crm-workflow'),
  /** Id of a `crm-workflow`. */
  workflow: token,
  /** What it is started with. */
  input: workflowInputTemplates.prefault({}),
  /** How long the call waits at most (ms). */
  budgetMs: z.number().int().min(100).max(120_000).default(6000),
  /** What the caller hears meanwhile, again and again. */
  filler: z.array(flowPrompt).max(20).default([]),
  /** A search found one; several: none of them is chosen; nobody. */
  found: token.optional(),
  several: token.optional(),
  none: token.optional(),
  /** It was written. */
  done: token.optional(),
  /** Where it goes when it is not known in time. Not given: `otherwise`. */
  timeout: token.optional(),
  /** Where it goes when it failed, or the CRM cannot do it. */
  otherwise: z.string({ error: 'expected the module for a workflow that fails: "otherwise"' }).pipe(token),
});

const setVariables = z.strictObject({
  ...moduleFields,
  ...next,
  type: z.literal('set-variables'),
  /** Full names (`app.*`) and values; `null` deletes. */
  variables: variablesOf(valueTemplate, ['app.']),
});

const identificationModule = z.strictObject({
  ...moduleFields,
  /** The module for callers who are known. Not given: where the identification itself sends them. */
  ...next,
  type: z.literal('identification'),
  identification: token,
  /** The module for those who are not. Not given: where the identification itself sends them. */
  otherwise: token.optional(),
});

export const flowModule = z.discriminatedUnion('type', [
  audioPlayer,
  textToSpeech,
  inputReader,
  simpleMenu,
  switchNode,
  queue,
  transfer,
  voicemail,
  playRecording,
  hangup,
  waitForVariable,
  httpAction,
  crmWorkflowModule,
  setVariables,
  identificationModule,
]);
export type FlowModule = z.infer<typeof flowModule>;
export type FlowModuleType = FlowModule['type'];
/** A module of one type. */
export type FlowModuleOf<Type extends FlowModuleType> = Extract<FlowModule, { readonly type: Type }>;
