import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** How long an answer is waited for, within what the API takes. */
export function TimeoutField(props: NumberInputProps) {
  const { t } = useTranslation();
  return <NumberInput label={t('adminPeople.mail.timeoutMs')} min={100} max={60_000} step={1000} {...props} />;
}

/** How many at once, within what the API takes. */
export const ConcurrencyField = (props: NumberInputProps) => (
  <NumberInput min={1} max={500} allowDecimal={false} {...props} />
);
