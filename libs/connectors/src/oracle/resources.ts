import type { StandardModule } from '../crm/port.ts';

interface Resource {
  /** What a record stands under in addresses, and people see. */
  readonly number: string;
  /** What other records refer to it by. */
  readonly key: string;
  readonly name: readonly string[];
}

const resources: Readonly<Record<string, Resource>> = {
  contacts: { number: 'PartyNumber', key: 'PartyId', name: ['FirstName', 'LastName'] },
  accounts: { number: 'PartyNumber', key: 'PartyId', name: ['OrganizationName'] },
  opportunities: { number: 'OptyNumber', key: 'OptyId', name: ['Name'] },
  serviceRequests: { number: 'SrNumber', key: 'SrId', name: ['Title'] },
  assets: { number: 'AssetNumber', key: 'AssetId', name: ['Description'] },
  activities: { number: 'ActivityNumber', key: 'ActivityId', name: ['Subject'] },
};

/** Of objects that people made themselves. */
const custom: Resource = { number: 'Id', key: 'Id', name: ['RecordName'] };

export const resourceOf = (module: string): Resource => resources[module] ?? custom;

/** A number is kept in parts; the attributes of the others are named after the one of the number. */
export const partsOf = (attribute: string): { readonly country: string; readonly area: string } => {
  const base = attribute.replace(/Number$/, '');
  return { country: `${base}CountryCode`, area: `${base}AreaCode` };
};

export const modules: readonly StandardModule[] = [
  {
    module: 'contacts',
    label: 'Contact',
    phoneFields: ['MobileNumber', 'WorkPhoneNumber', 'HomePhoneNumber'],
    emailField: 'EmailAddress',
    createFields: ['LastName', 'FirstName', 'MobileNumber', 'WorkPhoneNumber', 'EmailAddress'],
    mandatory: ['LastName', 'FirstName'],
  },
  {
    module: 'accounts',
    label: 'Organization',
    phoneFields: ['PhoneNumber'],
    createFields: ['OrganizationName', 'PhoneNumber'],
    mandatory: ['OrganizationName'],
  },
  {
    module: 'serviceRequests',
    label: 'Incident',
    phoneFields: [],
    createFields: ['Title', 'ProblemDescription'],
    mandatory: ['Title'],
  },
  {
    module: 'opportunities',
    label: 'Opportunity',
    phoneFields: [],
    createFields: ['Name', 'TargetPartyId'],
    mandatory: ['Name'],
  },
  {
    module: 'assets',
    label: 'Asset',
    phoneFields: [],
    createFields: ['Description', 'AssetNumber'],
    mandatory: ['Description'],
  },
  {
    module: 'activities',
    label: 'Task',
    phoneFields: [],
    createFields: ['Subject', 'ActivityFunctionCode', 'ActivityDescription', 'DueDate'],
    mandatory: ['Subject', 'ActivityFunctionCode'],
  },
];
