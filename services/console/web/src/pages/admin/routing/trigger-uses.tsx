import { Anchor, Badge, Fieldset, Group, List, Text } from '@mantine/core';
import type { ConfigKind } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ask } from '../../../api/client.ts';
import { editorPath } from '../sections.ts';

interface TriggerUse {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly module?: string;
  readonly invert: boolean;
  readonly enabled: boolean;
}

/** Which flows and automations decide by the trigger. */
export function TriggerUses({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { data: uses } = useQuery({
    queryKey: ['config', 'trigger', id, 'trigger-uses'],
    queryFn: async () => (await ask<{ uses: TriggerUse[] }>(`/v1/triggers/${encodeURIComponent(id)}/uses`)).uses,
  });
  if (uses === undefined) return null;
  return (
    <Fieldset legend={t('adminRouting.trigger.uses')}>
      {uses.length === 0 && <Text size="sm">{t('adminRouting.trigger.unused')}</Text>}
      <List size="sm">
        {uses.map((use) => (
          <List.Item key={`${use.kind} ${use.id} ${use.path}`}>
            <Group gap="xs" component="span" display="inline-flex">
              {t(`admin.kinds.${use.kind}`)}
              <Anchor component={Link} to={editorPath(use.kind, use.id)} inherit>
                {use.name}
              </Anchor>
              {use.module ?? use.path}
              {use.invert && (
                <Badge variant="light" tt="none">
                  {t('adminRouting.trigger.inverted')}
                </Badge>
              )}
              {!use.enabled && (
                <Badge variant="light" color="gray" tt="none">
                  {t('adminPeople.user.disabled')}
                </Badge>
              )}
            </Group>
          </List.Item>
        ))}
      </List>
    </Fieldset>
  );
}
