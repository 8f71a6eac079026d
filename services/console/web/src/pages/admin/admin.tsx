import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { Missing } from '../missing.tsx';
import { Overview } from './overview.tsx';
import { placeOf } from './sections.ts';

const Agents = lazy(async () => ({ default: (await import('./people/agents.tsx')).Agents }));
const ExternalSystems = lazy(async () => ({
  default: (await import('./people/external-systems.tsx')).ExternalSystems,
}));
const MailServers = lazy(async () => ({ default: (await import('./people/mail-servers.tsx')).MailServers }));
const Secrets = lazy(async () => ({ default: (await import('./people/secrets.tsx')).Secrets }));
const Tenants = lazy(async () => ({ default: (await import('./people/tenants.tsx')).Tenants }));
const Tokens = lazy(async () => ({ default: (await import('./people/tokens.tsx')).Tokens }));
const ConfigDocument = lazy(async () => ({ default: (await import('./document/document.tsx')).ConfigDocument }));
const Flows = lazy(async () => ({ default: (await import('./flows/flows.tsx')).Flows }));
const Automations = lazy(async () => ({ default: (await import('./routing/automations.tsx')).Automations }));
const Identifications = lazy(async () => ({
  default: (await import('./routing/identifications.tsx')).Identifications,
}));
const RoutingTest = lazy(async () => ({ default: (await import('./routing/routing-test.tsx')).RoutingTest }));
const Rules = lazy(async () => ({ default: (await import('./routing/rules.tsx')).Rules }));
const Triggers = lazy(async () => ({ default: (await import('./routing/triggers.tsx')).Triggers }));
const Providers = lazy(async () => ({ default: (await import('./people/providers.tsx')).Providers }));
const Users = lazy(async () => ({ default: (await import('./people/users.tsx')).Users }));
const Authentications = lazy(async () => ({
  default: (await import('./sites/authentications.tsx')).Authentications,
}));
const Campaigns = lazy(async () => ({ default: (await import('./campaigns/campaigns.tsx')).Campaigns }));
const ContactDatabases = lazy(async () => ({
  default: (await import('./contacts/databases.tsx')).ContactDatabases,
}));
const Forms = lazy(async () => ({ default: (await import('./forms/forms.tsx')).Forms }));
const Sites = lazy(async () => ({ default: (await import('./sites/sites.tsx')).Sites }));

const CrmConnections = lazy(async () => ({
  default: (await import('./crm/connections/connections.tsx')).CrmConnections,
}));

const DataMappings = lazy(async () => ({ default: (await import('./crm/mappings/mappings.tsx')).DataMappings }));
const Memorializations = lazy(async () => ({
  default: (await import('./crm/memorialization/memorializations.tsx')).Memorializations,
}));
const CrmWorkflows = lazy(async () => ({ default: (await import('./crm/workflows/workflows.tsx')).CrmWorkflows }));

/** Below `/admin`: each kind has its place, `new` and `edit/<id>` within it. */
export function Admin() {
  return (
    <Routes>
      <Route index element={<Overview />} />
      <Route path={`${placeOf.flow}/*`} element={<Flows />} />
      <Route path={`${placeOf.user}/*`} element={<Users />} />
      <Route path={`${placeOf.agent}/*`} element={<Agents />} />
      <Route path={`${placeOf['external-system']}/*`} element={<ExternalSystems />} />
      <Route path={`${placeOf['mail-server']}/*`} element={<MailServers />} />
      <Route path={`${placeOf.tenant}/*`} element={<Tenants />} />
      <Route path={placeOf['api-token']} element={<Tokens />} />
      <Route path={`${placeOf.automation}/*`} element={<Automations />} />
      <Route path={`${placeOf.identification}/*`} element={<Identifications />} />
      <Route path={`${placeOf['routing-rule']}/*`} element={<Rules />} />
      <Route path={`${placeOf.trigger}/*`} element={<Triggers />} />
      <Route path="routing-test" element={<RoutingTest />} />
      <Route path={`${placeOf['identity-provider']}/*`} element={<Providers />} />
      <Route path="secrets" element={<Secrets />} />
      <Route path="document" element={<ConfigDocument />} />
      <Route path={`${placeOf['crm-connection']}/*`} element={<CrmConnections />} />
      <Route path={`${placeOf['site-authentication']}/*`} element={<Authentications />} />
      <Route path={`${placeOf.campaign}/*`} element={<Campaigns />} />
      <Route path={`${placeOf['contact-database']}/*`} element={<ContactDatabases />} />
      <Route path={`${placeOf.form}/*`} element={<Forms />} />
      <Route path={`${placeOf['external-site']}/*`} element={<Sites />} />
      <Route path={`${placeOf['data-mapping']}/*`} element={<DataMappings />} />
      <Route path={`${placeOf.memorialization}/*`} element={<Memorializations />} />
      <Route path={`${placeOf['crm-workflow']}/*`} element={<CrmWorkflows />} />
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}
