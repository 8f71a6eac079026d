export const embed = {
  demo: {
    title: 'Try it in one minute',
    call: 'Start the calls: one rings every few seconds',
    answer: 'Pick up, and look at the customer’s record',
    dispose: 'Hang up, choose a disposition, save it',
    done: 'done',
    start: 'Start calls',
    stop: 'Stop calls',
    pickUp: 'Pick up the phone',
    look: 'What you save is written into the CRM by itself:',
    arrived: 'It has arrived. See it among what was written:',
    crm: 'open the demo CRM',
    now: {
      idle: 'Recorded customers call this desk when you say so.',
      soon: 'The next call rings in a moment.',
      away: 'You are paused or logged out: no call rings until you are ready.',
      after: 'After-call work: the next call rings when you have finished it.',
      ringing: 'Your phone rings.',
      talking: 'You are talking to the customer.',
      held: 'The customer is on hold.',
    },
  },
};
