import { bullhorn } from '../bullhorn/connector.ts';
import { dynamics } from '../dynamics/connector.ts';
import { espoCrm } from '../espocrm/connector.ts';
import { hubSpot } from '../hubspot/connector.ts';
import { kustomer } from '../kustomer/connector.ts';
import { odoo } from '../odoo/connector.ts';
import { oracle } from '../oracle/connector.ts';
import { pipedrive } from '../pipedrive/connector.ts';
import { proprietary } from '../proprietary/connector.ts';
import { proprietaryI } from '../proprietary-i/connector.ts';
import { salesforce } from '../salesforce/connector.ts';
import { serviceNow } from '../servicenow/connector.ts';
import { sugarCrm } from '../sugarcrm/connector.ts';
import { suiteCrm } from '../suitecrm/connector.ts';
import { suiteCrmV4 } from '../suitecrm-v4/connector.ts';
import { vtiger } from '../vtiger/connector.ts';
import { zendesk } from '../zendesk/connector.ts';
import { zoho } from '../zoho/connector.ts';
import type { CrmConnector } from './port.ts';

/** Every CRM by the name that a connection gives it. */
export const crmConnectors: Readonly<Record<string, CrmConnector>> = {
  bullhorn: bullhorn as CrmConnector,
  dynamics: dynamics as CrmConnector,
  espocrm: espoCrm as CrmConnector,
  hubspot: hubSpot as CrmConnector,
  kustomer: kustomer as CrmConnector,
  odoo: odoo as CrmConnector,
  oracle: oracle as CrmConnector,
  pipedrive: pipedrive as CrmConnector,
  proprietary: proprietary as CrmConnector,
  'proprietary-i': proprietaryI as CrmConnector,
  salesforce: salesforce as CrmConnector,
  servicenow: serviceNow as CrmConnector,
  sugarcrm: sugarCrm as CrmConnector,
  suitecrm: suiteCrm as CrmConnector,
  'suitecrm-v4': suiteCrmV4 as CrmConnector,
  vtiger: vtiger as CrmConnector,
  zendesk: zendesk as CrmConnector,
  zoho: zoho as CrmConnector,
};
