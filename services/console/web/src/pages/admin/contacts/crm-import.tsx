import { Alert, Button, Group, Select, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import type { ContactDatabase, ContactImport, CrmDescribeReply } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { useEntities } from '../../../api/config.ts';
import { useImports } from '../../../api/imports.ts';
import { FailureText } from '../../../parts/failure-text.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { ImportProgress } from './import-progress.tsx';
import { UpdateSwitch } from './update-switch.tsx';

/** Records of a module of a CRM become contacts; it goes on by itself, also when the page is left. */
export function CrmImport({ database }: { readonly database: ContactDatabase }) {
  const { t } = useTranslation();
  const [connection, setConnection] = useState<string | null>(null);
  const [module, setModule] = useState<string | null>(null);
  const [fields, setFields] = useState<Readonly<Record<string, string>>>({});
  const [since, setSince] = useState('');
  const [update, setUpdate] = useState(false);
  const client = useQueryClient();
  const begin = useMutation({
    mutationFn: () =>
      ask<ContactImport>(`/v1/contact-databases/${encodeURIComponent(database.id)}/imports/crm`, {
        method: 'POST',
        body: {
          connection,
          module,
          columns: fields,
          update,
          ...(since === '' ? {} : { modifiedSince: new Date(since).toISOString() }),
        },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
  if (begin.data !== undefined) return <Running importId={begin.data.importId} onAgain={() => begin.reset()} />;
  const [mainPhone = ''] = database.phoneColumns;
  return (
    <Stack>
      <Source {...{ connection, module }} onConnection={setConnection} onModule={setModule} />
      {connection !== null && module !== null && (
        <>
          <Fields {...{ database, connection, module, fields }} onChange={setFields} />
          <TextInput
            type="datetime-local"
            label={t('adminContacts.crm.since')}
            value={since}
            onChange={(event) => setSince(event.currentTarget.value)}
            maw={320}
          />
          <UpdateSwitch database={database} checked={update} onChange={setUpdate} />
          {begin.error !== null && <Problem error={begin.error} />}
          <Group>
            <Button disabled={fields[mainPhone] === undefined} loading={begin.isPending} onClick={() => begin.mutate()}>
              {t('adminContacts.import.start')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

function Running({ importId, onAgain }: { readonly importId: string; readonly onAgain: () => void }) {
  const { t } = useTranslation();
  const { data } = useImports(true);
  const state = data?.find((one) => one.importId === importId)?.state ?? 'running';
  const cancel = useMutation({
    mutationFn: () => ask<void>(`/v1/imports/${encodeURIComponent(importId)}/cancel`, { method: 'POST' }),
  });
  return (
    <Stack>
      <ImportProgress importId={importId} />
      {cancel.error !== null && <Problem error={cancel.error} />}
      <Group>
        {state === 'running' ? (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t('adminContacts.import.cancel')}
          </Button>
        ) : (
          <Button variant="light" onClick={onAgain}>
            {t('adminContacts.import.start')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const useDescription = (connection: string | null, module?: string) => {
  const base = `/v1/crm-connections/${encodeURIComponent(connection ?? '')}/modules`;
  return useQuery({
    queryKey: ['crm-description', connection, module],
    queryFn: () => ask<CrmDescribeReply>(module === undefined ? base : `${base}/${encodeURIComponent(module)}/fields`),
    enabled: connection !== null,
    retry: false,
    staleTime: 60_000,
  });
};

interface SourceProps {
  readonly connection: string | null;
  readonly module: string | null;
  readonly onConnection: (connection: string | null) => void;
  readonly onModule: (module: string | null) => void;
}

function Source({ connection, module, onConnection, onModule }: SourceProps) {
  const { t } = useTranslation();
  const { data: connections = [] } = useEntities('crm-connection');
  const { data, error, isFetching } = useDescription(connection);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t('adminContacts.crm.connection')}
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          value={connection}
          onChange={(chosen) => {
            onConnection(chosen);
            onModule(null);
          }}
        />
        <Select
          label={t('adminContacts.crm.module')}
          description={t('adminContacts.crm.moduleHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={data?.modules?.map(({ name, label }) => ({ value: name, label: label ?? name })) ?? []}
          disabled={connection === null || isFetching}
          searchable
          value={module}
          onChange={onModule}
        />
      </SimpleGrid>
      {error !== null && <Problem error={error} />}
      {data?.failure !== undefined && (
        <Alert color="red" role="alert">
          <FailureText failure={data.failure} />
        </Alert>
      )}
    </>
  );
}

interface FieldsProps {
  readonly database: ContactDatabase;
  readonly connection: string;
  readonly module: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (fields: Readonly<Record<string, string>>) => void;
}

/** For each column of the database, the field of the CRM that fills it. */
function Fields({ database, connection, module, fields, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const { data, error } = useDescription(connection, module);
  const ofRecord = [
    { value: 'record.id', label: t('adminContacts.crm.recordId') },
    { value: 'record.name', label: t('adminContacts.crm.recordName') },
  ];
  const known = data?.fields?.map(({ name, label }) => ({ value: name, label: label ?? name })) ?? [];
  const assign = (column: string, field: string | null): void => {
    const others = Object.entries(fields).filter(([one]) => one !== column);
    onChange(Object.fromEntries(field === null ? others : [...others, [column, field]]));
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('adminContacts.import.assign')}
      </Title>
      {error !== null && <Problem error={error} />}
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
        {database.columns.map((column) => (
          <Select
            key={column}
            label={t('adminContacts.crm.field', { column })}
            placeholder={t('adminContacts.crm.noField')}
            data={[...ofRecord, ...known]}
            required={column === database.phoneColumns[0]}
            searchable
            clearable
            value={fields[column] ?? null}
            onChange={(field) => assign(column, field)}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
