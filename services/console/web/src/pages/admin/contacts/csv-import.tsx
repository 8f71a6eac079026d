import { Button, Group, Stack } from '@mantine/core';
import type { ContactDatabase, ContactImportReport } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askCsv } from '../../../api/client.ts';
import { newImportId } from '../../../api/imports.ts';
import { Problem } from '../../../parts/problem.tsx';
import { AssignColumns, type Assignment, firstAssignment, missingColumn } from './assign-columns.tsx';
import { ChooseFile } from './choose-file.tsx';
import { ImportProgress } from './import-progress.tsx';
import { readBeginning } from './read-csv.ts';
import { UpdateSwitch } from './update-switch.tsx';

/** A CSV file: chosen, looked at, its columns assigned, then imported as it is uploaded. */
export function CsvImport({ database }: { readonly database: ContactDatabase }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File>();
  const [chosen, setChosen] = useState<Assignment>();
  const [update, setUpdate] = useState(false);
  const upload = useUpload(database.id);
  const { data: beginning, isFetched } = useQuery({
    queryKey: ['csv-beginning', file?.name, file?.size, file?.lastModified],
    queryFn: async () => (file === undefined ? null : ((await readBeginning(file)) ?? null)),
    enabled: file !== undefined,
    gcTime: 0,
  });
  const assignment = chosen ?? (beginning ? firstAssignment(beginning.header, database.columns) : {});
  const missing = missingColumn(assignment, database, update);
  const choose = (one: File | undefined): void => {
    upload.forget();
    setChosen(undefined);
    setFile(one);
  };
  if (upload.importId !== undefined)
    return (
      <Stack>
        {upload.error !== null && <Problem error={upload.error} />}
        <ImportProgress importId={upload.importId} {...(file === undefined ? {} : { bytes: file.size })} />
        <Group>
          {upload.isPending ? (
            <Button variant="default" color="red" onClick={upload.cancel}>
              {t('adminContacts.import.cancel')}
            </Button>
          ) : (
            <Button variant="light" onClick={() => choose(undefined)}>
              {t('adminContacts.import.again')}
            </Button>
          )}
        </Group>
      </Stack>
    );
  return (
    <Stack>
      <ChooseFile file={file} onFile={choose} isUnreadable={isFetched && beginning === null} />
      {file !== undefined && beginning !== undefined && beginning !== null && (
        <>
          <AssignColumns {...{ beginning, database, assignment, missing }} onChange={setChosen} />
          <UpdateSwitch database={database} checked={update} onChange={setUpdate} />
          <Group>
            <Button
              disabled={missing !== undefined}
              onClick={() => upload.start({ file, columns: assignment, update })}
            >
              {t('adminContacts.import.start')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

interface Upload {
  readonly file: File;
  readonly columns: Assignment;
  readonly update: boolean;
}

function useUpload(databaseId: string) {
  const client = useQueryClient();
  const [importId, setImportId] = useState<string>();
  const running = useRef<AbortController>(null);
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: async ({ file, columns, update, id }: Upload & { readonly id: string }) => {
      const controller = new AbortController();
      running.current = controller;
      const query = new URLSearchParams({ importId: id, update: String(update), columns: JSON.stringify(columns) });
      const path = `/v1/contact-databases/${encodeURIComponent(databaseId)}/imports?${query.toString()}`;
      try {
        return await askCsv<ContactImportReport>(path, { method: 'POST', body: file, signal: controller.signal });
      } catch (thrown) {
        // Whoever cancelled knows; what became of it is among the imports.
        if (controller.signal.aborted) return undefined;
        throw thrown;
      }
    },
    onSettled: () =>
      Promise.all(['imports', 'contact-count'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return {
    importId,
    error,
    isPending,
    start: (upload: Upload): void => {
      const id = newImportId();
      setImportId(id);
      mutate({ ...upload, id });
    },
    cancel: (): void => running.current?.abort(),
    forget: (): void => {
      setImportId(undefined);
      reset();
    },
  };
}
