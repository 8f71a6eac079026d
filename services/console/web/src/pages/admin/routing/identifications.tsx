import { Button, Fieldset, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Identification } from '@patchcord/contracts';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { every } from '../../../parts/every.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { ExpressionInput } from '../parts/expression-input.tsx';
import { TimeoutField } from '../parts/limit-numbers.tsx';
import { NetworkPanel } from '../parts/network-fields.tsx';
import { type Pair, PairRows, pairsOf, recordOf } from '../parts/pair-rows.tsx';
import { moved, newKey, SortableRows, withoutKey } from '../parts/sortable-rows.tsx';
import { withoutBlanks } from '../parts/values.ts';
import { DestinationField } from './destination-field.tsx';

/** How callers are recognised by what they enter. */
export const Identifications = () => <EntityPages list={<IdentificationList />} editor={<IdentificationEditor />} />;

const kinds = every<Identification['kind']>({ none: true, 'true-false': true, destination: true });

function IdentificationList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="identification"
      columns={[
        {
          heading: t('adminRouting.identification.kind'),
          cell: ({ kind }) => t(`adminRouting.identification.kinds.${kind}`),
        },
        { heading: 'URL', cell: ({ url }) => url, text: ({ url }) => url ?? '' },
      ]}
    />
  );
}

type Way = Identification['destinations'][number] & { readonly key: string };

interface IdentificationValues
  extends Omit<Identification, 'url' | 'headers' | 'authentication' | 'idLength' | 'destinations'> {
  readonly url: string;
  readonly headers: readonly Pair[];
  readonly authentication: string;
  readonly idLength: number | '';
  readonly destinations: readonly Way[];
}

const empty: IdentificationValues = {
  id: '',
  name: '',
  kind: 'none',
  url: '',
  headers: [],
  authentication: '',
  prompt: '',
  idLength: '',
  inputTimeoutMs: 5000,
  attempts: 1,
  send: 'exact',
  timeoutMs: 3000,
  onSuccess: { type: 'queue', target: '' },
  onFailure: { type: 'hangup', target: '' },
  destinations: [],
  tls: { verify: true, minVersion: 'TLSv1.2' },
  egress: { allowHttp: false, allowCidrs: [] },
};

const toForm = (stored: Identification): IdentificationValues => {
  const { url = '', headers, authentication = '', idLength = '', destinations, ...same } = stored;
  return {
    ...same,
    url,
    authentication,
    idLength,
    headers: pairsOf(headers),
    destinations: destinations.map((way) => ({ ...way, key: newKey() })),
  };
};

const toEntity = ({ url, headers, authentication, idLength, destinations, ...same }: IdentificationValues): object => ({
  ...same,
  ...withoutBlanks({ idLength }),
  ...(same.kind === 'none' ? {} : { ...withoutBlanks({ url, authentication }), headers: recordOf(headers) }),
  destinations: destinations.map(withoutKey),
});

interface FieldsProps {
  readonly form: UseFormReturnType<IdentificationValues>;
}

const IdentificationEditor = () => (
  <EntityEditor kind="identification" empty={empty} toForm={toForm} toEntity={toEntity}>
    {(form) => (
      <>
        <Kind form={form} />
        <Asking form={form} />
        {form.values.kind !== 'none' && <Service form={form} />}
        <Ways form={form} />
      </>
    )}
  </EntityEditor>
);

function Kind({ form }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={t('adminRouting.identification.kind')}
      description={t(`adminRouting.identification.kindHelp.${form.values.kind}`)}
      data={kinds.map((value) => ({ value, label: t(`adminRouting.identification.kinds.${value}`) }))}
      allowDeselect={false}
      {...form.getInputProps('kind')}
    />
  );
}

function Asking({ form }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('adminRouting.identification.asking')}>
      <Stack>
        <TextInput
          label={t('adminRouting.prompt')}
          description={t('adminRouting.promptHelp')}
          placeholder="custom/enter-customer-number"
          {...form.getInputProps('prompt')}
        />
        <NumberInput
          label={t('adminRouting.identification.idLength')}
          description={t('adminRouting.identification.idLengthHelp')}
          min={1}
          max={30}
          {...form.getInputProps('idLength')}
        />
        <NumberInput
          label={t('adminRouting.inputTimeoutMs')}
          min={1000}
          max={60_000}
          step={500}
          {...form.getInputProps('inputTimeoutMs')}
        />
        <NumberInput
          label={t('adminRouting.identification.attempts')}
          min={1}
          max={20}
          {...form.getInputProps('attempts')}
        />
      </Stack>
    </Fieldset>
  );
}

function Service({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { data: authentications = [] } = useEntities('site-authentication');
  const { url, authentication, headers, send } = form.values;
  return (
    <Fieldset legend={t('adminRouting.identification.service')}>
      <Stack>
        <ExpressionInput
          label="URL"
          placeholder="https://crm.example.com/identify"
          required
          value={url}
          onChange={(text) => form.setFieldValue('url', text)}
          error={form.errors.url}
        />
        <Select
          label={t('adminRouting.rule.send')}
          description={t(`adminRouting.identification.sendHelp.${send}`)}
          data={every<Identification['send']>({ exact: true, full: true }).map((value) => ({
            value,
            label: t(`adminRouting.rule.sends.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('send')}
        />
        <Select
          label={t('adminRouting.authentication')}
          data={authentications.map(({ id, name }) => ({ value: id, label: name }))}
          clearable
          value={authentication === '' ? null : authentication}
          onChange={(chosen) => form.setFieldValue('authentication', chosen ?? '')}
          error={form.errors.authentication}
        />
        <PairRows
          label={t('adminRouting.headers')}
          nameLabel={t('adminRouting.headerName')}
          valueLabel={t('adminRouting.headerValue')}
          pairs={headers}
          onChange={(pairs) => form.setFieldValue('headers', pairs)}
        />
        <TimeoutField max={10_000} step={500} {...form.getInputProps('timeoutMs')} />
        <NetworkPanel network={form.values} onChange={(network) => form.setValues(network)} errors={form.errors} />
      </Stack>
    </Fieldset>
  );
}

function Ways({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { onSuccess, onFailure, kind } = form.values;
  return (
    <Fieldset legend={t('adminRouting.identification.ways')}>
      <Stack>
        <DestinationField
          label={t('adminRouting.identification.onSuccess')}
          value={onSuccess}
          onChange={(value) => form.setFieldValue('onSuccess', value)}
          error={form.errors['onSuccess.target']}
        />
        <DestinationField
          label={t('adminRouting.identification.onFailure')}
          value={onFailure}
          onChange={(value) => form.setFieldValue('onFailure', value)}
          error={form.errors['onFailure.target']}
        />
        {kind === 'destination' && <NamedWays form={form} />}
      </Stack>
    </Fieldset>
  );
}

/** What `X,Y` of the service leads to. */
function NamedWays({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { destinations } = form.values;
  const set = (ways: readonly Way[]): void => form.setFieldValue('destinations', [...ways]);
  const change = (at: number, part: Partial<Way>): void =>
    set(destinations.map((way, i) => (i === at ? { ...way, ...part } : way)));
  const added: Omit<Way, 'key'> = { type: 1, id: '', goTo: { type: 'queue', target: '' } };
  return (
    <>
      <Text size="sm">{t('adminRouting.identification.namedHelp')}</Text>
      <SortableRows
        label={t('adminRouting.identification.named')}
        rows={destinations}
        nameOf={({ type, id }) => `${type},${id}`}
        onMove={(from, to) => set(moved(destinations, from, to))}
        onRemove={(at) => set(destinations.toSpliced(at, 1))}
      >
        {(way, at) => <WayFields way={way} at={at} form={form} onChange={(part) => change(at, part)} />}
      </SortableRows>
      <Group>
        <Button
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => set([...destinations, { ...added, key: newKey() }])}
        >
          {t('adminRouting.identification.add')}
        </Button>
      </Group>
    </>
  );
}

interface WayFieldsProps extends FieldsProps {
  readonly way: Way;
  readonly at: number;
  readonly onChange: (part: Partial<Way>) => void;
}

function WayFields({ way, at, form, onChange }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <Group align="start">
      <NumberInput label="X" min={1} max={9} w={80} value={way.type} onChange={(x) => onChange({ type: Number(x) })} />
      <TextInput
        label="Y"
        w={120}
        value={way.id}
        onChange={(event) => onChange({ id: event.currentTarget.value })}
        error={form.errors[`destinations.${at}.id`]}
      />
      <div style={{ flex: 1, minWidth: 240 }}>
        <DestinationField
          label={t('adminRouting.rule.goesTo')}
          value={way.goTo}
          onChange={(goTo) => onChange({ goTo })}
          error={form.errors[`destinations.${at}.goTo.target`]}
        />
      </div>
    </Group>
  );
}
