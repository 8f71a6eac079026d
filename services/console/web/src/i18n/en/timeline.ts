export const timeline = {
  title: 'What happened in this call',
  back: 'All calls',
  decision: 'Rule {{rule}}: to {{destination}}',
  row: 'row {{row}} matched',
  took: '{{ms}} ms',
  trace: 'trace {{traceId}}',
  attempt: 'Attempt {{attempt}}',
  missing: {
    dispositions: 'Dispositions cannot be shown just now.',
    deliveries: 'What was sent to CRMs cannot be shown just now.',
  },
};
