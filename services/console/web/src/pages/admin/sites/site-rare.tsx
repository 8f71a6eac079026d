import { Accordion, Checkbox, Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ExternalSite } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { ConcurrencyField } from '../parts/limit-numbers.tsx';
import { NetworkFields } from '../parts/network-fields.tsx';
import { PairRows } from '../parts/pair-rows.tsx';
import type { SiteForm } from './site-fields.tsx';

/** What few sites need. */
export function SiteRare({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  return (
    <Accordion variant="separated" multiple>
      <Accordion.Item value="network">
        <Accordion.Control>{t('admin.network.title')}</Accordion.Control>
        <Accordion.Panel>
          <NetworkFields values={form.values} onChange={(part) => form.setValues(part)} errors={form.errors} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="advanced">
        <Accordion.Control>{t('adminSites.advanced')}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Headers form={form} />
            <Limits form={form} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="compatibility">
        <Accordion.Control>{t('adminSites.compatibility.title')}</Accordion.Control>
        <Accordion.Panel>
          <Compatibility form={form} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Headers({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  const problem = Object.entries(form.errors).find(([path]) => path.startsWith('headers'))?.[1];
  return (
    <div>
      <PairRows
        label={t('adminSites.headers.title')}
        description={t('adminSites.headers.help')}
        nameLabel={t('adminSites.headers.name')}
        valueLabel={t('adminSites.headers.value')}
        namePlaceholder="X-Source"
        pairs={form.values.headers}
        onChange={(headers) => form.setFieldValue('headers', headers)}
      />
      {problem !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {problem}
        </Text>
      )}
    </div>
  );
}

function Limits({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <NumberInput
        label={t('adminSites.site.timeout')}
        description={t('adminSites.site.timeoutHelp')}
        min={0.1}
        max={60}
        required
        {...form.getInputProps('timeoutSeconds')}
        error={form.errors.timeoutMs}
      />
      <NumberInput
        label={t('adminSites.site.perSecond')}
        description={t('adminSites.site.perSecondHelp')}
        placeholder={t('adminSites.site.unlimited')}
        min={0}
        {...form.getInputProps('perSecond')}
        error={form.errors['rateLimit.perSecond']}
      />
      <ConcurrencyField
        label={t('adminSites.site.concurrency')}
        description={t('adminSites.site.concurrencyHelp')}
        required
        {...form.getInputProps('concurrency')}
      />
    </SimpleGrid>
  );
}

const switches: readonly (keyof ExternalSite['compatibility'])[] = [
  'allStrings',
  'nullAsNone',
  'multipartAsFiles',
  'textAsUrlencoded',
  'legacyDatetime',
  'keepPlaceholders',
];

function Compatibility({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('adminSites.compatibility.help')}
      </Text>
      {switches.map((name) => (
        <Group key={name} gap="xs">
          <Checkbox
            label={t(`adminSites.compatibility.${name}`)}
            {...form.getInputProps(`compatibility.${name}`, { type: 'checkbox' })}
          />
        </Group>
      ))}
    </Stack>
  );
}
