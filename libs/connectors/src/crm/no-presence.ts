/** What is said of CRMs that no documented API of presence is known of. */
export const noPresence = (title: string): string =>
  `no API of ${title} shows whether an agent can be reached: agents set it there themselves, or look at their state here`;
