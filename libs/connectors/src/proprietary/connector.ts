import { createProprietary } from './create.ts';

/** A CRM that speaks JSON over HTTP, described wholly in its connection. */
export const proprietary = createProprietary({
  name: 'proprietary',
  title: 'Proprietary CRM',
  formats: ['json'],
  without: { body: 'xml', other: 'proprietary-i' },
});
