import { createProprietary } from '../proprietary/create.ts';

/** A CRM that is asked by query strings, forms or XML, and answers in XML or text; described wholly in its connection. */
export const proprietaryI = createProprietary({
  name: 'proprietary-i',
  title: 'Proprietary CRM I',
  formats: ['xml', 'lines', 'pairs'],
  without: { body: 'json', other: 'proprietary' },
});
