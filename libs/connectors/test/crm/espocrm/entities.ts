interface FakeEntity {
  readonly fields: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Links to many: what they are called, and what they lead to. */
  readonly links: Readonly<Record<string, string>>;
}

const name = { type: 'varchar', required: true, pattern: '$noBadCharacters' };
const part = { type: 'varchar', maxLength: 100, pattern: '$noBadCharacters' };
const text = { type: 'text' };
const own = {
  createdAt: { type: 'datetime', readOnly: true },
  modifiedAt: { type: 'datetime', readOnly: true },
  description: text,
};
const reachable = { phoneNumber: { type: 'phone' }, emailAddress: { type: 'email' } };
const person = {
  name: { type: 'personName' },
  firstName: part,
  lastName: { ...part, required: true },
  ...reachable,
  ...own,
};

/** Entities of an EspoCRM 8.4.2 with the fields that matter here, as its metadata describes them. */
export const entities: Readonly<Record<string, FakeEntity>> = {
  // The link between contacts is one that an administrator made.
  Contact: { fields: { ...person, account: { type: 'link' } }, links: { calls: 'Call', contacts: 'Contact' } },
  Lead: { fields: { ...person, accountName: { type: 'varchar' } }, links: { calls: 'Call' } },
  Account: { fields: { name, ...reachable, website: { type: 'url' }, ...own }, links: { contacts: 'Contact' } },
  Case: {
    fields: {
      name,
      status: { type: 'enum', options: ['New', 'Closed'] },
      account: { type: 'link' },
      contact: { type: 'link' },
      ...own,
    },
    links: { contacts: 'Contact' },
  },
  Call: {
    fields: {
      name,
      status: { type: 'enum', options: ['Planned', 'Held', 'Not Held'] },
      direction: { type: 'enum', options: ['Outbound', 'Inbound'] },
      dateStart: { type: 'datetime', required: true },
      dateEnd: { type: 'datetime', required: true, after: 'dateStart' },
      parent: { type: 'linkParent', entityList: ['Account', 'Lead', 'Contact'] },
      contacts: { type: 'linkMultiple' },
      leads: { type: 'linkMultiple' },
      assignedUser: { type: 'link', required: true },
      // Made by an administrator.
      cPatchcordId: { type: 'varchar' },
      ...own,
    },
    links: { contacts: 'Contact', leads: 'Lead' },
  },
  User: {
    fields: {
      name: { type: 'personName' },
      userName: { type: 'varchar' },
      emailAddress: { type: 'email' },
      isActive: { type: 'bool' },
      type: { type: 'enum', options: ['regular', 'admin', 'api', 'portal', 'system'] },
      ...own,
    },
    links: {},
  },
  Note: {
    fields: { type: { type: 'varchar' }, post: text, parent: { type: 'linkParent' } },
    links: {},
  },
};

/** Names under which a field is read and written. */
export function attributesOf(field: string, type: unknown): string[] {
  if (type === 'link') return [`${field}Id`];
  if (type === 'linkParent') return [`${field}Type`, `${field}Id`];
  return [type === 'linkMultiple' ? `${field}Ids` : field];
}

export const attributes = (entity: string): string[] =>
  Object.entries(entities[entity]?.fields ?? {}).flatMap(([field, { type }]) => attributesOf(field, type));
