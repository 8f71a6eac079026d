import type { CrmConnection } from '@patchcord/contracts';
import { httpJson } from './http-json/connector.ts';
import type { Connector } from './port.ts';

/** Every connector by the name that a CRM connection gives it. */
export const connectors: { readonly [Name in CrmConnection['connector']]: Connector } = {
  'http-json': httpJson,
};
