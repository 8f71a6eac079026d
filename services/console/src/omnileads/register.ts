import type { HttpServer } from '@patchcord/runtime';
import { acceptForms } from './body.ts';
import { registerCallPaths } from './calls.ts';
import { registerCampaignPaths } from './campaigns.ts';
import { registerContactPaths } from './contacts.ts';
import type { OmniLeadsDeps } from './deps.ts';
import { registerDispositionPaths } from './dispositions.ts';
import { answerErrors, type StatusChoice } from './errors.ts';
import { registerLogInPath } from './log-in.ts';
import { registerRecordingPaths } from './recordings.ts';

/**
 * The paths and answers of the API that OMniLeads gives to CRMs, for scripts that were written for it. It decides
 * nothing: what it does is done by the use cases of `/v1`. `docs/omnileads-compatibility.md` tells what is different.
 */
export async function registerOmniLeads(
  app: HttpServer,
  deps: OmniLeadsDeps & { readonly statuses: StatusChoice },
): Promise<void> {
  await app.register(async (scope: HttpServer) => {
    acceptForms(scope);
    answerErrors(scope, deps.statuses);
    // The bodies come in three forms and are read field by field; the answers are what scripts expect to the letter.
    scope.setValidatorCompiler(() => (value: unknown) => ({ value }));
    scope.setSerializerCompiler(() => (answer: unknown) => JSON.stringify(answer));
    registerLogInPath(scope, deps);
    registerCampaignPaths(scope, deps);
    registerDispositionPaths(scope, deps);
    registerContactPaths(scope, deps);
    registerCallPaths(scope, deps);
    registerRecordingPaths(scope, deps);
  });
}
