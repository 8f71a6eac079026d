import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { ownUrl } from '../domain/own-address.ts';
import type { SessionClaim } from '../domain/session-cookie.ts';

export interface EndAtProviderOptions {
  readonly bus: Bus;
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly publicUrl: string | undefined;
}

const timeoutMs = 5000;

/** Where a browser ends its session at its provider, where that is wanted. Who cannot be asked keeps nobody signed in here. */
export function createEndAtProvider({ bus, config, publicUrl }: EndAtProviderOptions) {
  return async ({ tenantId, providerId }: SessionClaim): Promise<string | undefined> => {
    if (providerId === undefined) return undefined;
    const provider = config.tenant(tenantId)['identity-provider'].get(providerId);
    if (provider?.endSession !== true || publicUrl === undefined) return undefined;
    const request = { tenantId, providerId, goTo: ownUrl(publicUrl, '/') };
    const answer = await callRpc(bus, rpc.endProviderSession, request, { timeoutMs }).catch(() => ({ url: undefined }));
    return answer.url;
  };
}
