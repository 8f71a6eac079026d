import { type AskCrmOptions, createAskCrm } from './ask-crm.ts';
import { createDescribeCrm, type DescribeCrm } from './describe-crm.ts';
import { createListInCrm, createListUsersInCrm, type ListInCrm, type ListUsersInCrm } from './list-crm.ts';
import { createLogCallInCrm, type LogCallInCrm } from './log-call-in-crm.ts';
import { createSearchCrm, type SearchCrm } from './search-crm.ts';
import { createTestCrm, type TestCrm } from './test-crm.ts';

/** What people may ask of the CRM of a connection while they wait. */
export interface AskCrms {
  readonly test: TestCrm;
  readonly describe: DescribeCrm;
  readonly search: SearchCrm;
  readonly logCall: LogCallInCrm;
  readonly list: ListInCrm;
  readonly users: ListUsersInCrm;
}

export function createAskCrms(options: AskCrmOptions): AskCrms {
  const ask = createAskCrm(options);
  return {
    test: createTestCrm(options, ask),
    describe: createDescribeCrm(options, ask),
    search: createSearchCrm(options, ask),
    logCall: createLogCallInCrm(options, ask),
    list: createListInCrm(options, ask),
    users: createListUsersInCrm(options, ask),
  };
}
