import type { Language } from '../texts.ts';
import { admin } from './admin.ts';
import { adminAuthentications } from './admin-authentications.ts';
import { adminCampaigns } from './admin-campaigns.ts';
import { adminContacts } from './admin-contacts.ts';
import { adminCrm } from './admin-crm.ts';
import { adminPeople } from './admin-people.ts';
import { adminRouting } from './admin-routing.ts';
import { adminSites } from './admin-sites.ts';
import { card } from './card.ts';
import { common } from './common.ts';
import { dataItems } from './data-items.ts';
import { desk } from './desk.ts';
import { embed } from './embed.ts';
import { flow } from './flow.ts';
import { live } from './live.ts';
import { missing } from './missing.ts';
import { ops } from './ops.ts';
import { refusals } from './refusals.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { timeline } from './timeline.ts';
import { work } from './work.ts';

export const fr: Language = {
  admin,
  adminAuthentications,
  adminCampaigns,
  adminContacts,
  adminCrm,
  adminPeople,
  adminRouting,
  adminSites,
  card,
  common,
  dataItems,
  desk,
  embed,
  flow,
  live,
  missing,
  ops,
  refusals,
  shell,
  signIn,
  timeline,
  work,
};
