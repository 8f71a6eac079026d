import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { sessionKey } from '../api/session-changes.ts';
import { signInWindowOf, tenantOfSignInWindow } from '../embed/frame/sign-in-window.ts';

interface Provider {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
}

/** With whom people of a tenant sign in; without a tenant, of the only one. */
export const useProviders = (tenant: string) =>
  useQuery({
    queryKey: [...sessionKey, 'providers', tenant],
    networkMode: 'always',
    queryFn: async ({ signal }) => {
      const search = tenant === '' ? '' : `?tenant=${encodeURIComponent(tenant)}`;
      return (await ask<{ providers: Provider[] }>(`/v1/sign-in/providers${search}`, { signal })).providers;
    },
  }).data ?? [];

interface ProviderLinksProps {
  readonly tenant: string;
  /** The page stays where it is. */
  readonly inNewTab?: boolean;
}

/** "Sign in with …", one for each identity provider. */
export function ProviderLinks({ tenant, inNewTab = false }: ProviderLinksProps) {
  const { t } = useTranslation();
  const providers = useProviders(tenant);
  const goTo = encodeURIComponent(placeToComeBackTo());
  const where = inNewTab ? { target: '_blank', rel: 'noopener' } : {};
  return (
    <Stack gap="xs">
      {inNewTab && providers.length > 0 && <Text size="sm">{t('signIn.withHelp')}</Text>}
      {providers.map(({ tenantId, id, name }) => (
        <Button
          key={id}
          component="a"
          variant="default"
          href={`/v1/sign-in/${encodeURIComponent(tenantId)}/${encodeURIComponent(id)}?goTo=${goTo}`}
          {...where}
        >
          {t('signIn.with', { name })}
        </Button>
      ))}
    </Stack>
  );
}

function placeToComeBackTo(): string {
  const forFrameOf = tenantOfSignInWindow();
  if (forFrameOf !== undefined) return signInWindowOf(forFrameOf);
  const { pathname, search } = location;
  return pathname === '/log-in' ? '/' : pathname + search;
}
