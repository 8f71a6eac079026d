import { type Campaign, campaignTypes, form, type TenantConfig, token } from '@patchcord/contracts';
import { z } from 'zod';

/** A disposition that can be chosen, with the form that goes with it. */
export const dispositionChoice = z
  .object({
    id: token,
    name: z.string(),
    crm: z.boolean().meta({ description: 'whether the sites of the campaign with the trigger `disposition` are told' }),
    form: z.object({ id: token, name: z.string(), fields: form.shape.fields }).optional(),
  })
  .meta({ id: 'DispositionChoice' });

/** What a CRM may see of a campaign. */
export const campaignView = z
  .object({
    id: token,
    name: z.string(),
    type: z.enum(campaignTypes),
    external: z.object({ system: token, id: z.string() }).optional(),
    dispositions: z.array(dispositionChoice),
    database: z
      .object({
        id: token,
        name: z.string(),
        columns: z.array(z.string()),
        phoneColumns: z.array(z.string()),
        externalIdColumn: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'CampaignView', description: 'What a CRM may see of a campaign.' });
export type CampaignView = z.infer<typeof campaignView>;

export function choicesOf(config: TenantConfig, { dispositions }: Campaign): CampaignView['dispositions'] {
  return dispositions.map(({ id, name, crm, form: formId }) => {
    const known = formId === undefined ? undefined : config.form.get(formId);
    return {
      id,
      name,
      crm,
      ...(known === undefined ? {} : { form: { id: known.id, name: known.name, fields: known.fields } }),
    };
  });
}

export function campaignViewOf(config: TenantConfig, campaign: Campaign): CampaignView {
  const { id, name, type, external } = campaign;
  const database = campaign.database === undefined ? undefined : config['contact-database'].get(campaign.database);
  return {
    id,
    name,
    type,
    ...(external === undefined ? {} : { external }),
    dispositions: choicesOf(config, campaign),
    ...(database === undefined ? {} : { database: databaseView(database) }),
  };
}

function databaseView(database: NonNullable<CampaignView['database']>): NonNullable<CampaignView['database']> {
  const { id, name, columns, phoneColumns, externalIdColumn } = database;
  return { id, name, columns, phoneColumns, ...(externalIdColumn === undefined ? {} : { externalIdColumn }) };
}
