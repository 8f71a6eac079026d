export const work = {
  title: 'Deliveries',
  columns: {
    state: 'State',
    destination: 'Destination',
    cause: 'Cause',
    attempts: 'Attempts',
    answer: 'Last answer',
    when: 'When',
  },
  states: {
    queued: 'queued',
    retrying: 'retrying',
    succeeded: 'succeeded',
    dead: 'dead',
    discarded: 'discarded',
  },
  none: 'Nothing was sent yet.',
};
