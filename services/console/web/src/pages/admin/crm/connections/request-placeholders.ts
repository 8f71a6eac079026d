import type { CrmOperation } from '@patchcord/contracts';

const record = ['record.id', 'record.module'];
const call = [
  'call.key',
  'call.subject',
  'call.direction',
  'call.outcome',
  'call.startedAt',
  'call.endedAt',
  'call.durationSeconds',
  'call.from',
  'call.to',
  'call.disposition',
  'call.notes',
  'call.text',
  'call.recordingUrl',
  'call.userId',
  'call.record.id',
  'call.record.module',
  'call.about',
  'call.fields',
];
const list = ['list.cursor', 'list.page', 'list.offset', 'list.limit'];

/** The names that people need most, by what is asked for. The API refuses any other that it does not know, and lists all. */
const names: Readonly<Record<CrmOperation, readonly string[]>> = {
  test: [],
  searchByPhone: [
    'number.e164',
    'number.digits',
    'number.national',
    'number.local',
    'number.suffix',
    'number.variant',
    'number.field',
    'module',
    'fields',
  ],
  search: ['filter.equals', 'filter.field', 'filter.value', 'filter.expression', 'filter.limit', 'module', 'fields'],
  read: [...record, 'fields'],
  create: ['module', 'values'],
  update: [...record, 'values'],
  logCall: call,
  findCall: ['call.key'],
  updateCall: [...record, ...call],
  attachNote: [...record, 'note.text'],
  link: ['from.id', 'from.module', 'to.id', 'to.module'],
  listRecords: ['module', 'fields', ...list, 'list.modifiedSince'],
  listUsers: list,
  setPresence: ['user.id', 'presence.state', 'presence.word', 'presence.reason'],
};

export const placeholdersFor = (operation: CrmOperation): readonly string[] => names[operation];
