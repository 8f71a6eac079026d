import { Anchor, Badge, Collapse, Group, List, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { CrmKind } from '../../../../api/crm.ts';
import type { ConnectionForm } from './connection-editor.tsx';
import { emptyDescribed } from './described-form.ts';

/** Which CRM it is, where it is, and what can be done with it. */
export function KindFields({ form, kinds }: { readonly form: ConnectionForm; readonly kinds: readonly CrmKind[] }) {
  const { t, i18n } = useTranslation();
  const kind = kinds.find((one) => one.kind === form.values.connector);
  const choices = kinds
    .map((one) => ({ value: one.kind, label: one.title }))
    .toSorted((a, b) => a.label.localeCompare(b.label, i18n.language));
  const choose = (connector: string | null): void => {
    if (connector === null || connector === form.values.connector) return;
    // What another kind is told means nothing to this one.
    form.setValues({ connector: connector as CrmConnector, settings: {} });
    if (connector.startsWith('proprietary') && form.values.described === null)
      form.setFieldValue('described', emptyDescribed);
  };
  return (
    <>
      <Group grow align="start" preventGrowOverflow={false}>
        <Select
          label={t('adminCrm.connection.kind')}
          description={t('adminCrm.connection.kindHelp')}
          data={choices}
          searchable
          allowDeselect={false}
          required
          miw={240}
          value={form.values.connector}
          onChange={choose}
          error={form.errors.connector}
        />
        <TextInput
          label={t('adminCrm.connection.baseUrl')}
          description={t('adminCrm.connection.baseUrlHelp')}
          placeholder="https://crm.example.com"
          inputMode="url"
          required
          miw={240}
          {...form.getInputProps('baseUrl')}
        />
      </Group>
      {kind !== undefined && <Abilities kind={kind} />}
    </>
  );
}

type CrmConnector = ConnectionForm['values']['connector'];

/** What a kind can, at a glance; what it cannot, with the reason and what is done instead. */
function Abilities({ kind }: { readonly kind: CrmKind }) {
  const { t } = useTranslation();
  const [opened, { toggle }] = useDisclosure();
  const cannot = Object.entries(kind.cannot);
  return (
    <Stack gap="xs" role="group" aria-label={t('adminCrm.abilities.can')}>
      <Group gap={6}>
        <Text size="sm" fw={500}>
          {t('adminCrm.abilities.can')}
        </Text>
        {kind.can.map((ability) => (
          <Badge key={ability} variant="light" tt="none" fw={500}>
            <AbilityName ability={ability} />
          </Badge>
        ))}
      </Group>
      {cannot.length > 0 && (
        <>
          <Anchor component="button" type="button" size="sm" ta="start" onClick={toggle} aria-expanded={opened}>
            {t('adminCrm.abilities.cannot', { count: cannot.length })}
          </Anchor>
          <Collapse expanded={opened}>
            <List size="sm">
              {cannot.map(([ability, why]) => (
                <List.Item key={ability}>
                  <b>
                    <AbilityName ability={ability} />
                  </b>
                  : {why}
                </List.Item>
              ))}
            </List>
          </Collapse>
        </>
      )}
    </Stack>
  );
}

/** One that we have no words for is called as the API calls it. */
function AbilityName({ ability }: { readonly ability: string }) {
  const { t } = useTranslation();
  return t(`adminCrm.abilities.names.${ability as 'search'}`, { defaultValue: ability });
}
