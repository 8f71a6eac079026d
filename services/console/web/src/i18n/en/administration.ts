import { admin } from './admin.ts';
import { adminAuthentications } from './admin-authentications.ts';
import { adminCampaigns } from './admin-campaigns.ts';
import { adminContacts } from './admin-contacts.ts';
import { adminCrm } from './admin-crm.ts';
import { adminPeople } from './admin-people.ts';
import { adminRouting } from './admin-routing.ts';
import { adminSites } from './admin-sites.ts';
import { dataItems } from './data-items.ts';
import { flow } from './flow.ts';

/** What only administrators read: loaded with their pages. */
export const administration = {
  admin,
  adminAuthentications,
  adminCampaigns,
  adminContacts,
  adminCrm,
  adminPeople,
  adminRouting,
  adminSites,
  dataItems,
  flow,
};
