import { CloseButton, Group, Select, TextInput } from '@mantine/core';
import type { RouteDestination } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';

const destinationTypes = every<RouteDestination['type']>({
  queue: true,
  ivr: true,
  extension: true,
  voicemail: true,
  'play-recording': true,
  hangup: true,
});

interface DestinationFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: RouteDestination;
  readonly onChange: (value: RouteDestination) => void;
  readonly error?: ReactNode;
}

/** Where a call goes: what kind of place, and which one in the PBX's own words. */
export function DestinationField({ label, description, value, onChange, error }: DestinationFieldProps) {
  const { t } = useTranslation();
  return (
    <Group grow align="start" preventGrowOverflow={false}>
      <Select
        label={label}
        description={description}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={destinationTypes.map((type) => ({ value: type, label: t(`adminRouting.destinations.${type}`) }))}
        allowDeselect={false}
        value={value.type}
        onChange={(type) => onChange({ ...value, type: (type ?? 'queue') as RouteDestination['type'] })}
        miw={160}
      />
      {value.type !== 'hangup' && (
        <TextInput
          label={t(`adminRouting.targets.${value.type}`)}
          placeholder={t(`adminRouting.targetExamples.${value.type}`)}
          value={value.target}
          onChange={(event) => onChange({ ...value, target: event.currentTarget.value })}
          error={error}
          miw={160}
        />
      )}
    </Group>
  );
}

interface OptionalDestinationProps extends Omit<DestinationFieldProps, 'value' | 'onChange'> {
  readonly value: RouteDestination | undefined;
  readonly onChange: (value: RouteDestination | undefined) => void;
}

/** The same where it may be left to the default destination. */
export function OptionalDestination({ value, onChange, ...field }: OptionalDestinationProps) {
  const { t } = useTranslation();
  if (value !== undefined)
    return (
      <Group align="start" wrap="nowrap">
        <div style={{ flex: 1 }}>
          <DestinationField {...field} value={value} onChange={onChange} />
        </div>
        <UseDefault label={field.label} onClick={() => onChange(undefined)} />
      </Group>
    );
  return (
    <Select
      label={field.label}
      description={field.description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={[
        { value: 'default', label: t('adminRouting.asDefault') },
        ...destinationTypes.map((type) => ({ value: type as string, label: t(`adminRouting.destinations.${type}`) })),
      ]}
      value="default"
      allowDeselect={false}
      onChange={(type) =>
        type === null || type === 'default'
          ? undefined
          : onChange({ type: type as RouteDestination['type'], target: '' })
      }
    />
  );
}

function UseDefault({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  const { t } = useTranslation();
  return <CloseButton mt={28} aria-label={t('adminRouting.toDefault', { name: label })} onClick={onClick} />;
}
