import { type AskCrmOptions, createAskCrm } from './ask-crm.ts';
import { createDescribeCrm, type DescribeCrm } from './describe-crm.ts';
import { createListInCrm, createListUsersInCrm, type ListInCrm, type ListUsersInCrm } from './list-crm.ts';
import { createLogCallInCrm, type LogCallInCrm, type LogCallInCrmOptions } from './log-call-in-crm.ts';
import { createPreviewMemorialization, type PreviewMemorialization } from './preview-memorialization.ts';
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
  readonly preview: PreviewMemorialization;
}

export interface AskCrmsOptions extends AskCrmOptions, LogCallInCrmOptions {
  /** Where people read the story of a call. */
  readonly storyLink: (callId: string) => string | undefined;
}

export function createAskCrms(options: AskCrmsOptions): AskCrms {
  const ask = createAskCrm(options);
  return {
    test: createTestCrm(options, ask),
    describe: createDescribeCrm(options, ask),
    search: createSearchCrm(options, ask),
    logCall: createLogCallInCrm(options, ask),
    list: createListInCrm(options, ask),
    users: createListUsersInCrm(options, ask),
    preview: createPreviewMemorialization(options, ask),
  };
}
