const phone = (name: string): string[] => [`${name}Number`, `${name}CountryCode`, `${name}AreaCode`];
const stamps = ['LastUpdateDate'];

/** Attributes that the fake knows of each resource. */
export const resources: Readonly<Record<string, readonly string[]>> = {
  contacts: [
    'PartyId',
    'PartyNumber',
    'FirstName',
    'LastName',
    'JobTitle',
    'EmailAddress',
    ...['Mobile', 'WorkPhone', 'HomePhone'].flatMap(phone),
    ...stamps,
  ],
  accounts: ['PartyId', 'PartyNumber', 'OrganizationName', ...phone('Phone'), ...stamps],
  serviceRequests: ['SrId', 'SrNumber', 'Title', 'ProblemDescription', 'StatusCd', ...stamps],
  opportunities: ['OptyId', 'OptyNumber', 'Name', 'TargetPartyId', ...stamps],
  activities: [
    'ActivityId',
    'ActivityNumber',
    'ActivityFunctionCode',
    'ActivityTypeCode',
    'Subject',
    'ActivityDescription',
    'ActivityStartDate',
    'ActivityEndDate',
    'DueDate',
    'AccountId',
    'OpportunityId',
    'OwnerId',
    ...stamps,
  ],
};

/** By which attributes a record is told. */
export const keys: Readonly<Record<string, { readonly id: string; readonly number: string }>> = {
  contacts: { id: 'PartyId', number: 'PartyNumber' },
  accounts: { id: 'PartyId', number: 'PartyNumber' },
  serviceRequests: { id: 'SrId', number: 'SrNumber' },
  opportunities: { id: 'OptyId', number: 'OptyNumber' },
  activities: { id: 'ActivityId', number: 'ActivityNumber' },
};

export const mandatory: Readonly<Record<string, readonly string[]>> = {
  contacts: ['LastName'],
  accounts: ['OrganizationName'],
  serviceRequests: ['Title'],
  opportunities: ['Name'],
  activities: ['Subject', 'ActivityFunctionCode'],
};
