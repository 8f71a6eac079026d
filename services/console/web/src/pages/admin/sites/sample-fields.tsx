import { Accordion, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ParameterRow } from './parameter-rows.ts';

/** Made-up values by `family key`; what is not given is a sample of ours. */
export type Samples = Readonly<Record<string, string>>;

const separator = ' ';

export function sampleOf(samples: Samples): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [place, value] of Object.entries(samples)) {
    const [family = '', ...key] = place.split(separator);
    if (value !== '') found[family] = { ...found[family], [key.join(separator)]: value };
  }
  return found;
}

interface SampleFieldsProps {
  readonly rows: readonly ParameterRow[];
  readonly samples: Samples;
  readonly onChange: (samples: Samples) => void;
}

/** The call that never was: its caller, and whatever else the table names. */
export function SampleFields({ rows, samples, onChange }: SampleFieldsProps) {
  const { t } = useTranslation();
  const named = rows
    .filter(({ family, value }) => family !== 'fixed' && value !== '')
    .map(({ family, value }) => ({ family, value, place: `${family}${separator}${value}` }));
  const caller = { family: 'call' as const, value: 'ani', place: `call${separator}ani` };
  const places = new Map([caller, ...named].map((one) => [one.place, one]));
  return (
    <Accordion variant="contained">
      <Accordion.Item value="sample">
        <Accordion.Control>{t('adminSites.preview.sample')}</Accordion.Control>
        <Accordion.Panel>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
            {[...places.values()].map(({ family, value, place }) => (
              <TextInput
                key={place}
                label={`${t(`adminSites.families.${family}`)}: ${value}`}
                placeholder={t('adminSites.preview.ours')}
                value={samples[place] ?? ''}
                onChange={(event) => onChange({ ...samples, [place]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
