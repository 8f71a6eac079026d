import { z } from 'zod';
import { listSetting } from '../crm/list-setting.ts';

const column = z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected the name of a column, as u_call_id');
/** A value of a choice list; an empty one is not sent. */
const choice = (usual: string) => z.string().default(usual);

export const settings = z.strictObject({
  /** Tables in which callers are looked for. Those that an instance has not are passed over. */
  searchTables: listSetting(/^\w+$/, 'expected names of tables, parted by commas').default([
    'sys_user',
    'customer_contact',
    'csm_consumer',
    'customer_account',
  ]),
  /** Columns for telephone numbers that an instance has not: not asked for. */
  withoutColumns: listSetting(
    /^\w+\.\w+$/,
    'expected csm_consumer.mobile_phone and the like, parted by commas',
  ).default([]),
  /** Column of `interaction` that holds our key. */
  callKeyColumn: column.default('correlation_id'),
  /** Column of `interaction` that takes what was said. */
  notesColumn: column.default('work_notes'),
  /** Choices of `interaction`, as they stand in its choice lists. */
  callType: choice('phone'),
  callChannel: choice('phone'),
  inboundValue: choice('inbound'),
  outboundValue: choice('outbound'),
  stateAnswered: choice('closed_complete'),
  stateUnanswered: choice('closed_complete'),
  /** Tables whose records are linked to an interaction as `relatedTaskType`; others are linked without a type. */
  relatedTaskTables: listSetting(/^\w+$/, 'expected names of tables, parted by commas').default([
    'incident',
    'sn_customerservice_case',
    'task',
  ]),
  relatedTaskType: choice('task'),
  /** Where people open a record: the classic forms, or the agent workspace. */
  openIn: z.enum(['classic', 'workspace']).default('classic'),
});
export type Settings = z.infer<typeof settings>;
