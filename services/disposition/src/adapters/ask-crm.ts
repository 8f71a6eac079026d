import { type Bus, callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import type { AskCrm } from '../usecases/run-for-card.ts';

/** Over the time that it may take itself (ms). */
const graceMs = 2000;
/** A workflow keeps its own time; what is written may take as long as its connection allows (ms). */
const workflowMs = 90_000;

export const createAskCrm = (bus: Bus): AskCrm => ({
  search: (request) => callRpc(bus, rpc.crmSearch, request, { timeoutMs: request.budgetMs + graceMs }),
  runWorkflow: (request) => callRpc(bus, rpc.runWorkflow, request, { timeoutMs: workflowMs + graceMs }),
});
