const person = [
  'name',
  'firstName',
  'lastName',
  'phone',
  'mobile',
  'phone2',
  'phone3',
  'email',
  'occupation',
  'dateLastModified',
  'isDeleted',
];

/** Fields that this fake knows of each entity beside `id`, and which must be given when it is made. */
export const entityFields: Readonly<
  Record<string, { readonly fields: readonly string[]; readonly mandatory: readonly string[] }>
> = {
  Candidate: {
    fields: [...person, 'workPhone', 'companyName', 'dateNextCall'],
    mandatory: ['firstName', 'lastName', 'name'],
  },
  ClientContact: { fields: [...person, 'clientCorporation'], mandatory: ['clientCorporation'] },
  Lead: { fields: [...person, 'companyName'], mandatory: [] },
  ClientCorporation: { fields: ['name', 'phone', 'dateLastModified'], mandatory: ['name'] },
  JobOrder: { fields: ['title', 'dateLastModified', 'isDeleted'], mandatory: ['title'] },
  CorporateUser: { fields: ['name', 'username', 'firstName', 'email', 'isDeleted'], mandatory: ['name'] },
  Note: {
    fields: [
      'action',
      'comments',
      'commentingPerson',
      'personReference',
      'dateAdded',
      'dateLastModified',
      'externalID',
      'isDeleted',
      'minutesSpent',
    ],
    mandatory: ['comments', 'personReference'],
  },
  NoteEntity: {
    fields: ['note', 'targetEntityID', 'targetEntityName'],
    mandatory: ['note', 'targetEntityID', 'targetEntityName'],
  },
};

/** Fields whose values are times, in ms. */
export const times = ['dateAdded', 'dateNextCall', 'dateLastModified'];
/** Fields whose values are other entities. */
export const references = ['clientCorporation', 'commentingPerson', 'personReference', 'note'];
