import type { Campaign } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import { agentIn, campaignIn, type IdSpace, idSpace, named, worksOn } from '../domain/external-ids.ts';
import type { OmniLeadsDeps } from './deps.ts';
import { type Fields, refuse, requiredText, textOf } from './fields.ts';

/** With `idExternalSystem` the other ids are the CRM's. @throws InvalidInput */
export const spaceOf = ({ config }: Pick<OmniLeadsDeps, 'config'>, { tenantId }: Identity, fields: Fields): IdSpace =>
  named(idSpace({ tenantId, config: config.tenant(tenantId) }, textOf(fields, 'idExternalSystem')));

/** The campaign of `idCampaign`, on which whoever asks must work. @throws InvalidInput */
export function campaignOf(identity: Identity, space: IdSpace, fields: Fields): Campaign {
  const campaign = named(campaignIn(space, requiredText(fields, 'idCampaign')));
  if (worksOn(campaign, identity.agentId)) return campaign;
  return refuse('idCampaign', `expected a campaign on which agent "${identity.agentId}" works`);
}

/**
 * The agent for whom it is done: of `idAgent`, who must be the one who is logged in. The original did not look; whoever
 * is bound to no agent (an administrator, a token of a CRM) may name any.
 *
 * @throws InvalidInput
 */
export function agentOf(identity: Identity, space: IdSpace, fields: Fields): string | undefined {
  const given = textOf(fields, 'idAgent', 'idAgente');
  if (given === undefined) return identity.agentId;
  const { id } = named(agentIn(space, given));
  if (identity.agentId === undefined || identity.agentId === id) return id;
  return refuse('idAgent', 'expected the agent who is logged in: nobody acts for another');
}
