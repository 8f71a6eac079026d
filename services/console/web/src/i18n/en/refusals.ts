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
};
