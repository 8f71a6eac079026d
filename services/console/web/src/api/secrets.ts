import type { SecretInfo } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './client.ts';

/** A sealed secret as it may be shown: never its value. */
interface StoredSecret extends SecretInfo {
  readonly usedBy: readonly { readonly kind: string; readonly id: string }[];
}

interface Secrets {
  readonly secrets: readonly StoredSecret[];
  /** Needed by the configuration, and not set. */
  readonly missing: readonly { readonly id: string; readonly usedBy: StoredSecret['usedBy'] }[];
}

const key = ['secrets'];

/** Which secrets there are, and what needs them. */
export const useSecrets = () => useQuery({ queryKey: key, queryFn: () => ask<Secrets>('/v1/secrets') });

/** Sets a secret. From here on nobody can read it, this page included. */
export function useSetSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, value }: { readonly id: string; readonly value: string }) =>
      ask<SecretInfo>(`/v1/secrets/${encodeURIComponent(id)}`, { method: 'PUT', body: { value } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
    // The value is kept no longer than it takes.
    gcTime: 0,
  });
}
