import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import type { CallContacts, useCallContact } from './use-call-contact.ts';

interface NewContactProps {
  readonly database: NonNullable<CallContacts['database']>;
  readonly number: string | undefined;
  /** Nobody has the number. */
  readonly opened: boolean;
  readonly adding: ReturnType<typeof useCallContact>['add'];
}

/** A contact for whoever calls, with his number filled in. */
export function NewContact({ opened, ...props }: NewContactProps) {
  const { t } = useTranslation();
  const [shown, { open }] = useDisclosure(opened);
  if (!shown)
    return (
      <Button size="xs" variant="light" onClick={open}>
        {t('desk.contact.noneOfThem')}
      </Button>
    );
  return <ContactForm {...props} />;
}

function ContactForm({ database, number, adding }: Omit<NewContactProps, 'opened'>) {
  const { t } = useTranslation();
  const [phone] = database.phoneColumns;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: Object.fromEntries(
      database.columns.map((column) => [keyOf(column), column === phone ? (number ?? '') : '']),
    ),
  });
  const issues = adding.error instanceof ApiError ? adding.error.issues : [];
  const submit = form.onSubmit((values) =>
    adding.mutate(
      Object.fromEntries(
        database.columns
          .map((column) => [column, (values[keyOf(column)] ?? '').trim()] as const)
          .filter(([, value]) => value !== ''),
      ),
    ),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Text size="sm">{t('desk.contact.new', { database: database.name })}</Text>
        {database.columns.map((column) => (
          <TextInput
            key={column}
            size="xs"
            label={column}
            type={database.phoneColumns.includes(column) ? 'tel' : 'text'}
            error={issues.find(({ path }) => path === column || path.endsWith(`.${column}`))?.message}
            {...form.getInputProps(keyOf(column))}
          />
        ))}
        {adding.error !== null && <Problem error={adding.error} />}
        <Group justify="flex-end">
          <Button type="submit" size="xs" loading={adding.isPending}>
            {t('desk.contact.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Names of columns may hold dots, which the form would take for places within. */
const keyOf = (column: string): string => `c-${column.replaceAll('.', '∙')}`;
