import { crmConnection, crmWorkflow } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { aboutConnection, standardCreate, workflowFitProblems } from '../../src/index.ts';

const connectionOf = (connector: string) =>
  crmConnection.parse({ id: 'c', name: 'C', connector, baseUrl: 'https://crm.example.com' });

/** What agents of NICE CXone make by a standard create, by the CRM's own names of it. */
const table: Readonly<Record<string, readonly string[]>> = {
  salesforce: ['Account', 'Case', 'Contact', 'Lead', 'Opportunity', 'Work Order'],
  dynamics: ['Account', 'Case', 'Contact', 'Lead', 'Opportunity', 'Phone Call'],
  servicenow: ['Case', 'Consumer', 'Contact', 'Incident', 'Interaction', 'User'],
  zendesk: ['Ticket', 'User'],
  hubspot: ['Company', 'Contact', 'Ticket', 'Ticket with Association'],
  oracle: ['Asset', 'Contact', 'Incident', 'Opportunity', 'Organization', 'Task'],
  kustomer: ['Conversation', 'Customer', 'Korder'],
};

describe('a standard create', () => {
  it.each(Object.entries(table))(
    'of %s: everything in its table, each with its standard fields',
    (connector, labels) => {
      const connection = connectionOf(connector);
      const { standardModules } = aboutConnection(connection);
      for (const label of labels) {
        const { module = '', createFields = [] } = standardModules.find((one) => one.label === label) ?? {};
        expect([label, createFields.length > 0]).toEqual([label, true]);
        const values = Object.fromEntries(createFields.map((field) => [field, '{ivr.x}']));
        const given = { id: 'w', name: 'W', type: 'create', connection: 'c', module };
        expect(workflowFitProblems(crmWorkflow.parse({ ...given, values }), connection)).toEqual([]);
        const foreign = crmWorkflow.parse({ ...given, values: { ...values, Nickname__c: 'x' } });
        expect(workflowFitProblems(foreign, connection).map(({ path }) => path)).toEqual(['values.Nickname__c']);
      }
    },
  );

  it('of a ticket of HubSpot refused those whom the ticket is about', () => {
    expect(standardCreate(connectionOf('hubspot'), 'tickets')).toMatchObject({
      fields: expect.arrayContaining(['subject', 'associated_contact', 'associated_company']),
      mandatory: ['subject', 'hs_pipeline_stage'],
    });
  });
});
