import { Alert, Button, Flex, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { moved, SortableRows } from '../parts/sortable-rows.tsx';
import { ParameterFields } from './parameter-fields.tsx';
import { newParameter, type ParameterRow } from './parameter-rows.ts';

export interface ParameterTableProps {
  readonly rows: readonly ParameterRow[];
  readonly onChange: (rows: ParameterRow[]) => void;
  /** What the API said of a field: `2.name` is the name in the third row. */
  readonly errorOf: (field: string) => ReactNode;
  /** Columns of the contact database of the campaign, where there is one. */
  readonly columns: readonly string[];
  /** Whether the site is set off by a disposition: only then there is one to send. */
  readonly hasDisposition: boolean;
}

/** The three-column table: where a value comes from, which one it is, and the name under which it is sent. */
export function ParameterTable(props: ParameterTableProps) {
  const { rows, onChange } = props;
  const { t } = useTranslation();
  return (
    <Stack gap="xs" align="stretch">
      {rows.length === 0 ? (
        <Alert variant="light" color="gray">
          {t('adminSites.parameters.none')}
        </Alert>
      ) : (
        <>
          <Headings />
          <SortableRows
            label={t('adminSites.parameters.title')}
            rows={rows}
            nameOf={({ name }, at) => (name === '' ? t('adminSites.parameters.row', { at: at + 1 }) : name)}
            onMove={(from, to) => onChange(moved(rows, from, to))}
            onRemove={(at) => onChange(rows.filter((_, i) => i !== at))}
          >
            {(row, at) => (
              <ParameterFields
                {...props}
                row={row}
                at={at}
                onRow={(changed) => onChange(rows.map((one, i) => (i === at ? changed : one)))}
              />
            )}
          </SortableRows>
        </>
      )}
      <Button
        variant="light"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => onChange([...rows, newParameter()])}
        style={{ alignSelf: 'start' }}
      >
        {t('adminSites.parameters.add')}
      </Button>
    </Stack>
  );
}

/** Above the columns; on a phone the fields stand below each other and are named one by one. */
function Headings() {
  const { t } = useTranslation();
  return (
    <Flex gap="sm" visibleFrom="sm" ps={46} pe={86} aria-hidden>
      {(['family', 'value', 'name'] as const).map((column) => (
        <Text key={column} size="sm" fw={600} flex={column === 'family' ? 3 : 4}>
          {t(`adminSites.parameters.${column}`)}
        </Text>
      ))}
    </Flex>
  );
}
