import { z } from 'zod';

/**
 * What each path takes and answers, for the documentation only: bodies are read field by field in whatever form they
 * come, and an answer is sent as it is.
 */
const id = z.union([z.string(), z.number()]);
const text = z.string();
const idExternalSystem = id.optional().meta({ description: 'With it, all other ids are those of the CRM' });
const idContact = id.meta({ description: 'Also taken as `idContacto`' });
const idAgent = id.optional().meta({ description: 'Ours: only for who is bound to no agent' });
const idCampaign = id;
const callid = text.optional();
const comments = text.optional();

const refusal = z
  .looseObject({ status: z.literal('ERROR'), message: text, errors: z.record(text, z.array(text)) })
  .meta({ id: 'OmniLeadsRefusal' });
const okay = z.object({ status: z.literal('OK') });
const disposition = z
  .object({ id, idContact: id.nullable(), callid: text.nullable(), idDispositionOption: id, comments: text })
  .meta({ id: 'OmniLeadsDisposition' });

const option = id.meta({ description: 'Id of an option of a campaign of the agent' });
const campaignToo = id.optional().meta({ description: 'Ours: where several campaigns have an option of this id' });
const said = { idDispositionOption: option, idCampaign: campaignToo, idExternalSystem, idAgent, callid, comments };
const agentOnly = z.object({ idAgent, idExternalSystem });

const taking = (body: z.ZodType, answer: z.ZodType, status = 200) => ({
  consumes: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  body,
  response: status === 200 ? { 200: z.union([answer, refusal]) } : { [status]: answer, 200: refusal },
});

export const schemas = {
  logIn: taking(
    z.object({ username: text, password: text, tenant: text.optional() }),
    z.object({ user: z.looseObject({}), expires_in: text.meta({ description: 'seconds' }), token: text }),
  ),
  options: { response: { 200: z.array(z.object({ id, name: text, hidden: z.boolean() })) } },
  dispositions: { response: { 200: z.array(disposition) } },
  disposition: { response: { 200: disposition } },
  create: taking(z.object({ idContact, ...said }), disposition, 201),
  change: taking(z.object({ idContact: idContact.optional(), ...said }), disposition),
  newContactDisposition: taking(
    z.object({ phone: text, idExternalContact: id.optional(), ...said }).catchall(text),
    disposition,
    201,
  ),
  metadata: taking(
    z.object({ idCampaign, idExternalSystem }),
    okay.extend({ fields: z.array(text), main_phone: text, external_id: text.nullable() }),
  ),
  newContact: taking(
    z.object({ idCampaign, idExternalSystem }).catchall(text),
    okay.extend({ message: text, id, contacto: z.record(text, text.nullable()) }),
  ),
  makeCall: taking(
    z.object({ idCampaign, idAgent: id, idContact: idContact.optional(), phone: text, idExternalSystem }),
    okay.extend({ call_id: text }),
  ),
  callOutside: taking(
    z.object({ destination_type: z.enum(['AGENT', 'EXTERNAL']), destination: id, idAgent, idExternalSystem }),
    okay.extend({ message: text, call_id: text }),
  ),
  agent: taking(agentOnly, okay),
  pause: taking(agentOnly.extend({ pause_id: id.optional() }), okay),
  call: taking(agentOnly.extend({ callid }), okay),
  recording: { querystring: z.object({ filename: text }) },
  recordings: taking(
    z.object({ files: z.union([z.array(text), text]).meta({ description: 'Names of files, or a JSON list of them' }) }),
    okay.extend({ msg: text, files: z.array(z.object({ filename: text, url: text, expires_at: text })) }),
  ),
} as const;
