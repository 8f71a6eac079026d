const records = 'data.items';
const success = { path: 'ok', is: [true] };
const id = 'uuid';
const contact = {
  records,
  success,
  id,
  name: ['names.first', 'names.last'],
  fields: {
    first_name: 'names.first',
    last_name: 'names.last',
    phone: 'numbers.work',
    mobile: 'numbers.mobile',
    city: 'address.city',
    mail: 'address.mail',
  },
};

const call = {
  ref: '{call.key}',
  topic: '{call.subject}',
  way: '{call.direction}',
  state: '{call.outcome}',
  began: '{call.startedAt}',
  seconds: '{call.durationSeconds}',
  text: 'Logged by Patchcord\n{call.text}',
  about: '{call.about}',
  '...': '{call.fields}',
};

/** The CRM of the fake, as a connection describes it. */
export const houseCrm = {
  modules: [
    {
      module: 'contact',
      label: 'Contact',
      phoneFields: ['phone', 'mobile'],
      emailField: 'mail',
      createFields: ['last_name', 'first_name', 'phone'],
      mandatory: ['last_name'],
    },
  ],
  calls: {
    module: 'call',
    maxLengths: { subject: 80 },
    words: { direction: { inbound: 'IN', outbound: 'OUT', internal: 'IN' } },
  },
  deepLink: { url: 'https://house.example.test/app', fragment: '/{record.module}/{record.id}' },
  requests: {
    test: { path: 'api/me', answer: { records: 'data.user', name: 'login', success } },
    searchByPhone: {
      path: 'api/{module}',
      query: { phone: '{number.variant}', in: '{number.field}' },
      answer: contact,
    },
    search: {
      method: 'POST',
      path: 'api/{module}/query',
      json: { where: '{filter.equals}', most: '{filter.limit}' },
      answer: contact,
    },
    read: { path: 'api/{record.module}/{record.id}', answer: contact },
    create: {
      method: 'POST',
      path: 'api/{module}',
      json: { '...': '{values}' },
      answer: { records: 'data', id, success },
    },
    update: { method: 'PATCH', path: 'api/{record.module}/{record.id}', json: { '...': '{values}' } },
    logCall: { method: 'POST', path: 'api/calls', json: call, answer: { records: 'data', id, success } },
    findCall: { path: 'api/calls', query: { ref: '{call.key}' }, answer: { records, id, success } },
    updateCall: { method: 'PUT', path: 'api/calls/{record.id}', json: call, answer: { success } },
    attachNote: {
      method: 'POST',
      path: 'api/{record.module}/{record.id}/notes',
      json: { text: '{note.text}' },
      answer: { success },
    },
    listRecords: {
      path: 'api/{module}/all',
      query: { after: '{list.cursor}', size: '{list.limit}', since: '{list.modifiedSince}' },
      answer: { ...contact, next: 'data.cursor', total: 'data.count' },
    },
    listUsers: {
      path: 'api/users',
      query: { page: '{list.page}', size: '{list.limit}' },
      answer: { records, success, id, fields: { email: 'email', username: 'username', active: 'enabled' } },
    },
    setPresence: {
      method: 'PUT',
      path: 'api/users/{user.id}/doing',
      json: { doing: '{presence.word}', why: '{presence.reason}' },
      answer: { success },
    },
    link: { method: 'PUT', path: 'api/{from.module}/{from.id}/links/{to.module}/{to.id}' },
  },
};
