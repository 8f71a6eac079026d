import { refusalsCalls } from './refusals-calls.ts';
import { refusalsCrm } from './refusals-crm.ts';
import { refusalsDelivery } from './refusals-delivery.ts';
import { refusalsGeneral } from './refusals-general.ts';

/** What refusals and failures say to people: by code, or else by the class of the failure. */
export const refusals = {
  codes: { ...refusalsGeneral, ...refusalsCalls, ...refusalsDelivery, ...refusalsCrm },
  classes: {
    transient: 'It did not work this time. Try again in a moment.',
    throttled: 'It was asked too often. Wait a little and try again.',
    permanent: 'It was refused. Look at the detail and correct what it names.',
    'destination-gone': 'The destination is closed or does not know us any more. Check its settings.',
    'own-trouble':
      'A part of the system does not answer now. Try again in a moment, and tell an administrator if it stays so.',
    defect: 'Something went wrong in the system itself. Try again, and tell an administrator if it stays so.',
  },
  rules: {
    required: 'Fill this in.',
    types: {
      number: 'Enter a number.',
      int: 'Enter a whole number.',
      other: 'This is not of the kind that is expected.',
    },
    'too-short_one': 'Enter at least {{count}} character.',
    'too-short_other': 'Enter at least {{count}} characters.',
    'too-long_one': 'Enter at most {{count}} character.',
    'too-long_other': 'Enter at most {{count}} characters.',
    'too-few_one': 'Add at least {{count}} entry.',
    'too-few_other': 'Add at least {{count}} entries.',
    'too-many_one': 'Keep at most {{count}} entry.',
    'too-many_other': 'Keep at most {{count}} entries.',
    'too-small': 'Enter {{limit}} or more.',
    'too-big': 'Enter {{limit}} or less.',
    url: 'Enter an address such as https://crm.example.com.',
    email: 'Enter a mail address such as ana@example.com.',
    'one-of': 'Choose one of: {{names}}.',
    'unknown-keys': 'There is no such field: {{names}}. Remove it.',
  },
};
