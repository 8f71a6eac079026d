/** Who may ask over FastAGI in the bench: everybody on this machine. */
export const benchTenant = 'bench';

export const fastAgiSettings = (port: number): Record<string, string> => ({
  FASTAGI_PORT: String(port),
  FASTAGI_PBXS: JSON.stringify([{ pbxId: 'bench', tenantId: benchTenant, addresses: ['127.0.0.1'] }]),
});
