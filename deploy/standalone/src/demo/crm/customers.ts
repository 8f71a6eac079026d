export interface Customer {
  readonly number: string;
  readonly name: string;
  readonly phone: string;
  readonly city: string;
  readonly plan: string;
  readonly note: string;
}

/** The customers of the demo's CRM; two of them share a telephone. */
export const customers: readonly Customer[] = [
  {
    number: '4711',
    name: 'Maria Keller',
    phone: '+1 415-555-0123',
    city: 'San Francisco',
    plan: 'Gold',
    note: 'Prefers invoices by e-mail.',
  },
  {
    number: '4712',
    name: 'Jonas Keller',
    phone: '+1 415-555-0124',
    city: 'San Francisco',
    plan: 'Silver',
    note: 'Moved in October: delivery to the new address.',
  },
  {
    number: '4713',
    name: 'Lucía Ibáñez',
    phone: '+54 351 555-0199',
    city: 'Córdoba',
    plan: 'Gold',
    note: 'Speaks Spanish and English.',
  },
  {
    number: '4714',
    name: 'Lea Keller',
    phone: '+1 415-555-0124',
    city: 'San Francisco',
    plan: 'Basic',
    note: 'Shares a telephone with Jonas Keller.',
  },
];

const digits = (phone: string): string => phone.replace(/\D/g, '');

export const customersWith = (phone: string): Customer[] =>
  digits(phone) === '' ? [] : customers.filter((customer) => digits(customer.phone) === digits(phone));

/** As the contact database of the demo's tenant takes it. */
export const customersCsv = (): string =>
  ['number,name,phone,city', ...customers.map(({ number, name, phone, city }) => [number, name, phone, city].join(','))]
    .map((line) => `${line}\n`)
    .join('');
