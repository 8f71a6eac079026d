/** What one topic of the tests adds to the dialplan that all share. */
export interface DialplanTopic {
  /** Dialled number of the telephone company to its steps, e.g. `{ '+12025550120': ['Answer()', 'Hangup()'] }`. */
  readonly numbers?: Readonly<Record<string, readonly string[]>>;
  /** Further contexts, as they stand in extensions.conf. */
  readonly contexts?: string;
  /** Queue to its phones and settings, e.g. `{ rona: { phones: ['1001'], settings: ['timeout = 2'] } }`. */
  readonly queues?: Readonly<Record<string, Queue>>;
  /** Sounds of its own, e.g. `custom/welcome`: each is a beep. */
  readonly sounds?: readonly string[];
}

interface Queue {
  readonly phones: readonly string[];
  /** Lines of queues.conf. */
  readonly settings?: readonly string[];
}

/** Several topics on one PBX. */
export const joined = (topics: readonly DialplanTopic[]): DialplanTopic => ({
  numbers: Object.assign({}, ...topics.map((topic) => topic.numbers)),
  contexts: topics.map((topic) => topic.contexts ?? '').join('\n'),
  queues: Object.assign({}, ...topics.map((topic) => topic.queues)),
  sounds: topics.flatMap((topic) => topic.sounds ?? []),
});

/** Everything that callers and agents find on one Asterisk. */
export interface Dialplan {
  readonly numbers: Readonly<Record<string, readonly string[]>>;
  readonly contexts: string;
  readonly queues: Readonly<Record<string, Queue>>;
  readonly phones: readonly string[];
  readonly sounds: readonly string[];
}

export const supportNumber = '+12025550100';

/** A queue with two agents, and another that agents log in to. */
export const dialplanOf = ({ numbers = {}, contexts = '', queues = {}, sounds = [] }: DialplanTopic): Dialplan => ({
  numbers: { [supportNumber]: ['Set(CAMPAIGN=support)', 'Answer()', 'Queue(support,tT,,,60)', 'Hangup()'], ...numbers },
  contexts,
  queues: { support: { phones: ['1001', '1002'] }, load: { phones: [] }, ...queues },
  phones: ['1001', '1002', '1003'],
  sounds,
});

export const extensionsConf = ({ numbers, contexts }: Dialplan): string => `
[general]
static = yes
writeprotect = yes
[globals]
TRANSFER_CONTEXT = from-agent
[from-pstn]
${Object.entries(numbers).map(extension).join('')}
[from-agent]
exten => _1XXX,1,Dial(PJSIP/\${EXTEN},20,tT)
 same => n,Hangup()
include => outbound
[outbound]
exten => _+X.,1,Dial(PJSIP/\${EXTEN}@carrier,30,tT)
 same => n,Hangup()
${contexts}
`;

const extension = ([number, steps]: [string, readonly string[]]): string =>
  steps.map((step, at) => (at === 0 ? `exten => ${number},1,${step}\n` : ` same => n,${step}\n`)).join('');

/** Linear: the first phone rings first. */
export const queuesConf = ({ queues }: Dialplan): string => `
[general]
persistentmembers = no
autofill = yes
log_membername_as_agent = no
[queue](!)
strategy = linear
timeout = 8
retry = 1
ringinuse = no
joinempty = yes
setinterfacevar = yes
${Object.entries(queues).map(queue).join('')}`;

const queue = ([name, { phones, settings = [] }]: [string, Queue]): string =>
  [`[${name}](queue)`, ...settings, ...phones.map((id) => `member => PJSIP/${id},0,Agent ${id},PJSIP/${id}`), ''].join(
    '\n',
  );
