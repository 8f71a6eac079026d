import { defineEvent } from '../define-event.ts';
import { memorialized } from '../memorialization-step.ts';

export const memorializationCompleted = defineEvent({
  entity: 'memorialization',
  event: 'completed',
  meaning: 'What was to be written into a CRM after a conversation is there, or was given up by a person.',
  data: memorialized,
  examples: [
    {
      memorializationId: 'sales-calls',
      connection: 'salesforce',
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218083_2E1609',
      recordId: 'i-lab-1795218083_2E1609',
      revision: 1,
      steps: [
        {
          step: 'timeline',
          workId: 'w.c-lab-1795218080_2E1608.crm-salesforce.after-call.i-lab-1795218083_2E1609.m-sales-calls-timeline',
          outcome: 'written',
          record: { module: 'Task', id: '00T5g00000abcde' },
          fields: [],
        },
        {
          step: 'update',
          workId:
            'w.c-lab-1795218080_2E1608.crm-salesforce.after-call.i-lab-1795218083_2E1609.m-sales-calls-update-Xk3f',
          outcome: 'written',
          record: { module: 'Contact', id: '0035g00000abcde' },
          fields: [
            { field: 'Last_Call__c', outcome: 'written' },
            { field: 'Last_Disposition__c', outcome: 'cut' },
          ],
        },
      ],
    },
  ],
});
