import type { ConfigKind, ConfigKinds } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask, askTagged } from './client.ts';

/** An entity as it was read; its tag says which version it is. */
export interface Stored<Kind extends ConfigKind> {
  readonly entity: ConfigKinds[Kind];
  readonly etag: string;
}

/** A place in the configuration that refers to an entity. */
export interface Use {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly module?: string;
}

/** What an entity was at a time; `entity` is null where it was removed. */
export interface Version {
  readonly revision: number;
  readonly at: string;
  readonly actor?: string;
  readonly entity: unknown;
}

const configPath = (kind: ConfigKind, id?: string): string =>
  `/v1/config/${kind}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** Everything that was read of a kind, its lists and entities alike, lies below this key. */
const keyOf = (kind: ConfigKind, ...rest: string[]) => ['config', kind, ...rest];

/** All entities of a kind. */
export const useEntities = <Kind extends ConfigKind>(kind: Kind, enabled = true) =>
  useQuery({
    queryKey: keyOf(kind),
    queryFn: async () => (await ask<{ entities: ConfigKinds[Kind][] }>(configPath(kind))).entities,
    enabled,
  });

/** One entity with its tag, read anew whenever an editor opens. */
export const useEntity = <Kind extends ConfigKind>(kind: Kind, id: string | undefined) =>
  useQuery({
    queryKey: keyOf(kind, id ?? '', 'entity'),
    queryFn: () => readEntity(kind, id ?? ''),
    enabled: id !== undefined,
    staleTime: 0,
    gcTime: 0,
    // Under the hands of whoever changes it nothing else may appear.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export async function readEntity<Kind extends ConfigKind>(kind: Kind, id: string): Promise<Stored<Kind>> {
  const { answer, etag } = await askTagged<ConfigKinds[Kind]>(configPath(kind, id));
  return { entity: answer, etag };
}

export const useUses = (kind: ConfigKind, id: string | undefined) =>
  useQuery({
    queryKey: keyOf(kind, id ?? '', 'uses'),
    queryFn: async () => (await ask<{ uses: Use[] }>(`${configPath(kind, id)}/uses`)).uses,
    enabled: id !== undefined,
    staleTime: 0,
  });

export const useHistory = (kind: ConfigKind, id: string, enabled: boolean) =>
  useQuery({
    queryKey: keyOf(kind, id, 'history'),
    queryFn: async () => (await ask<{ versions: Version[] }>(`${configPath(kind, id)}/history`)).versions.toReversed(),
    enabled,
    staleTime: 0,
  });

export interface Save {
  readonly id: string;
  readonly entity: object;
  /** Of the version that was changed; without it the entity is created, and refused where there is one already. */
  readonly etag?: string;
}

/** Stores an entity. What somebody else stored meanwhile is not overwritten: the API answers 412. */
export function useSaveEntity<Kind extends ConfigKind>(kind: Kind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, entity, etag }: Save): Promise<Stored<Kind>> => {
      const headers = etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag };
      const asked = { method: 'PUT', body: entity, headers } as const;
      const stored = await askTagged<ConfigKinds[Kind]>(configPath(kind, id), asked).catch((error: unknown) => {
        throw error instanceof ApiError ? withOwnPaths(error, `${kind}/${id}.`) : error;
      });
      return { entity: stored.answer, etag: stored.etag };
    },
    onSuccess: (stored, { id }) => {
      client.setQueryData(keyOf(kind, id, 'entity'), stored);
      void client.invalidateQueries({ queryKey: keyOf(kind), exact: true });
    },
  });
}

/**
 * What does not fit other entities is named by `<kind>/<id>.<field>`: of the entity itself the field is enough. The id
 * stands in the path of the request, and in the form like any other field.
 */
function withOwnPaths({ status, code, message, issues }: ApiError, own: string): ApiError {
  const shortened = issues.map(({ path, ...issue }) => ({
    ...issue,
    path: path === 'params.id' ? 'id' : path.startsWith(own) ? path.slice(own.length) : path,
  }));
  return new ApiError(status, { code, message: message.replace(own, ''), issues: shortened });
}

/** Removes an entity that nothing refers to. */
export function useRemoveEntity(kind: ConfigKind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask<void>(configPath(kind, id), { method: 'DELETE' }),
    // The list alone: of what is gone nothing can be read.
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(kind), exact: true }),
  });
}
