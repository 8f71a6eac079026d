const format = 'xml';
const success = { path: 'answer.state.@code', is: [0] };
const path = 'crm.php';
const customers = {
  format,
  success,
  records: 'answer.rows.row',
  id: '@id',
  name: ['first', 'last'],
  fields: { first: 'first', last: 'last', tel: 'tel', note: 'note', mail: 'mail' },
};
const customer = {
  first: '{values.first}',
  last: '{values.last}',
  tel: '{values.tel}',
  note: '{values.note}',
  mail: '{values.mail}',
};

const journal = `<?xml version="1.0" encoding="UTF-8"?>
<journal callid="{call.key}">
  <begin>{call.startedAtSql}</begin>
  <duration>{call.durationSeconds}</duration>
  <kind>{call.direction}</kind>
  <customer>{call.record.id|}</customer>
  <subject>{call.subject}</subject>
  <text>{call.text}</text>
</journal>`;

/** The CRM of the fake, as a connection describes it. */
export const scriptCrm = {
  modules: [
    {
      module: 'customer',
      label: 'Customer',
      phoneFields: ['tel'],
      emailField: 'mail',
      createFields: ['last', 'first', 'tel'],
      mandatory: ['last'],
    },
  ],
  calls: {
    module: 'journal',
    isKeyed: true,
    maxLengths: { subject: 60 },
    words: { direction: { inbound: 'in', outbound: 'out', internal: 'in' } },
  },
  deepLink: { url: 'https://script.example.test/customer.php', query: { id: '{record.id}' } },
  requests: {
    test: { path, query: { action: 'whoami' }, answer: { format, success, records: 'answer', name: 'user' } },
    searchByPhone: { path, query: { action: 'find', digits: '{number.suffix}' }, answer: customers },
    search: {
      path,
      query: { action: 'select', where: '{filter.field}', equals: '{filter.value}', top: '{filter.limit}' },
      answer: customers,
    },
    listRecords: { path, query: { action: 'all', skip: '{list.offset}', top: '{list.limit}' }, answer: customers },
    read: { path, query: { action: 'show', id: '{record.id}' }, answer: customers },
    create: { path, query: { action: 'add', ...customer }, answer: { format, success, records: 'answer' } },
    update: { path, query: { action: 'change', id: '{record.id}', '...': '{values}' }, answer: { format, success } },
    logCall: {
      method: 'POST',
      path,
      query: { action: 'journal' },
      xml: journal,
      answer: { format, success, records: 'answer', id: 'id' },
    },
    attachNote: {
      path,
      query: { action: 'remark', id: '{record.id}', text: '{note.text}' },
      answer: { format, success },
    },
  },
};
