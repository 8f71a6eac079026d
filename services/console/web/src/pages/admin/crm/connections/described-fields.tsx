import {
  Accordion,
  Button,
  Fieldset,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import type { CrmOperation } from '@patchcord/contracts';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PairRows } from '../../parts/pair-rows.tsx';
import type { ConnectionForm } from './connection-editor.tsx';
import {
  type DescribedValues,
  emptyDescribed,
  emptyModule,
  emptyRequest,
  type ModuleValues,
  operations,
} from './described-form.ts';
import { RequestFields } from './request-fields.tsx';

/** A CRM of one's own: what it has, how it is asked, and how its answers are read. */
export function DescribedFields({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  const values = form.values.described ?? emptyDescribed;
  const change = (part: Partial<DescribedValues>): void => form.setFieldValue('described', { ...values, ...part });
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('adminCrm.described.about')}
      </Text>
      <Modules form={form} values={values} change={change} />
      <Requests form={form} values={values} change={change} />
      <Calls values={values} change={change} />
      <DeepLink form={form} values={values} change={change} />
    </>
  );
}

interface PartProps {
  readonly values: DescribedValues;
  readonly change: (part: Partial<DescribedValues>) => void;
}
type FormPartProps = PartProps & { readonly form: ConnectionForm };

/** What is one text of a module, with an example. */
const texts = [
  ['module', 'contact'],
  ['label', 'Contact'],
  ['emailField', 'email'],
] as const;

function Modules({ form, values, change }: FormPartProps) {
  const { t } = useTranslation();
  const { modules } = values;
  const set = (at: number, part: Partial<ModuleValues>): void =>
    change({ modules: modules.map((one, i) => (i === at ? { ...one, ...part } : one)) });
  return (
    <Fieldset legend={t('adminCrm.described.modules')}>
      <Stack>
        {modules.map((one, at) => (
          <Group key={at} align="start" grow preventGrowOverflow={false}>
            {texts.map(([field, placeholder]) => (
              <TextInput
                key={field}
                label={t(`adminCrm.described.${field}`)}
                placeholder={placeholder}
                value={one[field]}
                onChange={(event) => set(at, { [field]: event.currentTarget.value })}
                error={form.errors[`described.modules.${at}.${field}`]}
              />
            ))}
            {(['phoneFields', 'createFields', 'mandatory'] as const).map((list) => (
              <TagsInput
                key={list}
                label={t(`adminCrm.described.${list}`)}
                value={one[list]}
                onChange={(names) => set(at, { [list]: names })}
              />
            ))}
            <Button
              variant="subtle"
              color="red"
              mt={24}
              flex="0 0 auto"
              onClick={() => change({ modules: modules.filter((_, i) => i !== at) })}
            >
              {t('admin.rows.remove', { name: one.module === '' ? at + 1 : one.module })}
            </Button>
          </Group>
        ))}
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'start' }}
          onClick={() => change({ modules: [...modules, emptyModule] })}
        >
          {t('adminCrm.described.addModule')}
        </Button>
      </Stack>
    </Fieldset>
  );
}

function Requests({ form, values, change }: FormPartProps) {
  const { t } = useTranslation();
  const { requests } = values;
  const there = operations.filter((operation) => requests[operation] !== undefined);
  const others = operations.filter((operation) => requests[operation] === undefined);
  const without = (operation: CrmOperation): DescribedValues['requests'] =>
    Object.fromEntries(Object.entries(requests).filter(([name]) => name !== operation));
  return (
    <Fieldset legend={t('adminCrm.described.requests')}>
      <Stack>
        <Accordion variant="contained" order={3}>
          {there.map((operation) => (
            <Accordion.Item key={operation} value={operation}>
              <Accordion.Control>{t(`adminCrm.described.operations.${operation}`)}</Accordion.Control>
              <Accordion.Panel>
                <RequestFields
                  operation={operation}
                  values={requests[operation] ?? emptyRequest}
                  onChange={(request) => change({ requests: { ...requests, [operation]: request } })}
                  errors={form.errors}
                />
                {operation !== 'test' && (
                  <Button mt="md" variant="subtle" color="red" onClick={() => change({ requests: without(operation) })}>
                    {t('adminCrm.described.removeRequest')}
                  </Button>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
        {others.length > 0 && (
          <Select
            label={t('adminCrm.described.addRequest')}
            description={t('adminCrm.described.addRequestHelp')}
            data={others.map((one) => ({ value: one, label: t(`adminCrm.described.operations.${one}`) }))}
            value={null}
            onChange={(one) => {
              if (one !== null) change({ requests: { ...requests, [one]: emptyRequest } });
            }}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

function Calls({ values, change }: PartProps) {
  const { t } = useTranslation();
  const { calls } = values;
  const set = (part: Partial<DescribedValues['calls']>): void => change({ calls: { ...calls, ...part } });
  const words = { nameLabel: t('adminCrm.described.ourWord'), valueLabel: t('adminCrm.described.itsWord') };
  return (
    <Fieldset legend={t('adminCrm.described.calls')}>
      <Stack>
        <TextInput
          label={t('adminCrm.described.module')}
          value={calls.module}
          onChange={(event) => set({ module: event.currentTarget.value })}
          maw={320}
        />
        <Switch
          label={t('adminCrm.described.isKeyed')}
          description={t('adminCrm.described.isKeyedHelp')}
          checked={calls.isKeyed}
          onChange={(event) => set({ isKeyed: event.currentTarget.checked })}
        />
        <Switch
          label={t('adminCrm.described.linksAbout')}
          checked={calls.linksAbout}
          onChange={(event) => set({ linksAbout: event.currentTarget.checked })}
        />
        <SimpleGrid cols={{ base: 1, md: 3 }}>
          <PairRows
            {...words}
            label={t('adminCrm.described.directions')}
            namePlaceholder="inbound"
            pairs={calls.direction}
            onChange={(direction) => set({ direction })}
          />
          <PairRows
            {...words}
            label={t('adminCrm.described.outcomes')}
            namePlaceholder="answered"
            pairs={calls.outcome}
            onChange={(outcome) => set({ outcome })}
          />
          <PairRows
            label={t('adminCrm.described.maxLengths')}
            nameLabel={t('adminCrm.described.text')}
            valueLabel={t('adminCrm.described.characters')}
            namePlaceholder="subject"
            valuePlaceholder="255"
            pairs={calls.maxLengths}
            onChange={(maxLengths) => set({ maxLengths })}
          />
        </SimpleGrid>
      </Stack>
    </Fieldset>
  );
}

function DeepLink({ form, values, change }: FormPartProps) {
  const { t } = useTranslation();
  const { deepLink } = values;
  const set = (part: Partial<DescribedValues['deepLink']>): void => change({ deepLink: { ...deepLink, ...part } });
  const examples = { url: 'https://crm.example.com', path: 'contacts/{record.id}', fragment: '/{record.id}' } as const;
  return (
    <Fieldset legend={t('adminCrm.described.deepLink')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('adminCrm.described.deepLinkHelp')}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {(['url', 'path', 'fragment'] as const).map((name) => (
            <TextInput
              key={name}
              label={t(`adminCrm.described.link.${name}`)}
              placeholder={examples[name]}
              value={deepLink[name]}
              onChange={(event) => set({ [name]: event.currentTarget.value })}
              error={form.errors[`described.deepLink.${name}`]}
            />
          ))}
        </SimpleGrid>
        <PairRows
          label={t('adminCrm.described.query')}
          nameLabel={t('adminCrm.described.parameter')}
          valueLabel={t('adminCrm.advanced.value')}
          pairs={deepLink.query}
          onChange={(query) => set({ query })}
        />
      </Stack>
    </Fieldset>
  );
}
