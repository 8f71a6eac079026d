import type { Ability } from '../../../src/crm/port.ts';

/** One test that every connector has to pass. */
export interface ConformanceCase {
  /** Part of the suite; names its `describe`. */
  readonly part: keyof typeof partFiles;
  readonly title: string;
  /** What a connector can for sure when it passes. None: it shows what goes wrong, or what every connector is. */
  readonly proves: readonly Ability[];
}

/** Where the tests of a part are, in this folder. */
export const partFiles = {
  'what it says of itself': 'index.ts',
  'search by phone': 'searches.ts',
  records: 'records.ts',
  lists: 'lists.ts',
  calls: 'calls.ts',
  'what goes wrong': 'faults.ts',
} as const;

/**
 * The cases of the suite. The tests take their titles from here, and so does the page about what is supported. Data only:
 * whoever reads it runs nothing.
 */
export const cases = {
  reasons: {
    part: 'what it says of itself',
    title: 'everything it has no function for has a reason, and nothing else',
    proves: [],
  },
  user: { part: 'what it says of itself', title: 'the user who we are there', proves: [] },
  modules: {
    part: 'what it says of itself',
    title: 'its modules and fields, those of the standard modules among them',
    proves: ['describe'],
  },
  forms: { part: 'search by phone', title: 'finds who has it as %s', proves: ['search-by-phone'] },
  everybody: {
    part: 'search by phone',
    title: 'all who have it, and nobody who has it not',
    proves: ['search-by-phone'],
  },
  nobody: {
    part: 'search by phone',
    title: 'nobody is asked for extensions, SIP users, hidden and own numbers',
    proves: [],
  },
  mail: {
    part: 'search by phone',
    title: 'whoever has a mail address, however it is written, and nobody else',
    proves: ['search-by-email'],
  },
  record: {
    part: 'records',
    title: 'a record that was made can be read, changed and found',
    proves: ['create', 'read', 'update', 'search'],
  },
  missing: { part: 'records', title: 'one that does not exist is none', proves: ['read'] },
  upsert: { part: 'records', title: 'the same key twice is one record', proves: ['upsert'] },
  noteAndLink: { part: 'records', title: 'a note, and a link to another record', proves: ['attach-note', 'link'] },
  address: { part: 'records', title: 'where people open it', proves: ['deep-link'] },
  pages: {
    part: 'lists',
    title: 'every record is in one page, in the same order again, with what was asked for',
    proves: ['list-records'],
  },
  changedBetween: {
    part: 'lists',
    title: 'one that is changed between two pages is not lost, and in no two of them',
    proves: ['list-records'],
  },
  since: {
    part: 'lists',
    title: 'of those that were changed since, all; of others none that says when',
    proves: ['list-records'],
  },
  emptyList: { part: 'lists', title: 'a list of nobody is empty, and ends', proves: ['list-records'] },
  waitInList: { part: 'lists', title: 'asked to wait in the middle it goes on from there', proves: ['list-records'] },
  strangeCursor: { part: 'lists', title: 'a cursor of somebody else leads nowhere but to this CRM', proves: [] },
  users: { part: 'lists', title: 'who may log in there, by e-mail or user name', proves: ['list-users'] },
  presence: {
    part: 'lists',
    title: 'whether somebody can be reached, told twice as once',
    proves: ['presence'],
  },
  call: {
    part: 'calls',
    title: 'one is there as it was, at the person it was about',
    proves: ['log-call'],
  },
  toldTwice: {
    part: 'calls',
    title: 'told twice it is there once, with what became known since',
    proves: ['log-call', 'update-call'],
  },
  lostAnswer: { part: 'calls', title: 'it is there once when its answer was lost', proves: ['log-call'] },
  twoKeys: { part: 'calls', title: 'two of different keys are two', proves: ['log-call'] },
  longTexts: { part: 'calls', title: 'texts that are too long are cut where it shows', proves: [] },
  untaken: {
    part: 'calls',
    title: 'a call that nobody took, outbound, and of a length of nothing',
    proves: ['log-call'],
  },
  throttled: { part: 'what goes wrong', title: 'it asks to wait: throttled, until when', proves: [] },
  down: { part: 'what goes wrong', title: 'it is down: transient', proves: [] },
  refused: { part: 'what goes wrong', title: 'it refuses: permanent, and says why', proves: [] },
  hangs: { part: 'what goes wrong', title: 'it hangs: over when the time is', proves: [] },
  sessionOver: { part: 'what goes wrong', title: 'a session that is over is opened again', proves: [] },
  silence: { part: 'what goes wrong', title: 'no failure holds a password or a number', proves: [] },
} as const satisfies Readonly<Record<string, ConformanceCase>>;
