import { Badge, Button, Checkbox, FileButton, Group, Stack, Table, Text, Textarea, Title } from '@mantine/core';
import type { ConfigKind } from '@patchcord/contracts';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askYaml } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';

interface Change {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly change: 'create' | 'update' | 'remove' | 'unchanged';
  readonly fields?: readonly string[];
}

interface Applied {
  readonly dryRun: boolean;
  readonly changes: readonly Change[];
}

/** The whole configuration as YAML: taken away, changed elsewhere, and brought back; what would change is seen before. */
export function ConfigDocument() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [yaml, setYaml] = useState('');
  const [prune, setPrune] = useState(false);
  const apply = useMutation({
    mutationFn: (dryRun: boolean) =>
      askYaml<Applied>(`/v1/config:apply?dryRun=${dryRun}&prune=${prune}`, { method: 'POST', body: yaml }),
    onSuccess: ({ dryRun }) => (dryRun ? undefined : client.invalidateQueries({ queryKey: ['config'] })),
  });
  const change = (text: string): void => {
    setYaml(text);
    apply.reset();
  };
  const seen = apply.data?.dryRun === true;
  return (
    <Stack maw={1100}>
      <Title order={1} size="h2">
        {t('admin.tools.document')}
      </Title>
      <Export />
      <section>
        <Stack>
          <Title order={2} size="h4">
            {t('admin.document.import')}
          </Title>
          <Given yaml={yaml} onChange={change} />
          <Checkbox
            label={t('admin.document.prune')}
            description={t('admin.document.pruneHelp')}
            checked={prune}
            onChange={(event) => {
              setPrune(event.currentTarget.checked);
              apply.reset();
            }}
          />
          {apply.error !== null && <Problem error={apply.error} />}
          {apply.data !== undefined && <Changes applied={apply.data} />}
          <Group>
            <Button
              variant="light"
              disabled={yaml.trim() === ''}
              loading={apply.isPending && apply.variables}
              onClick={() => apply.mutate(true)}
            >
              {t('admin.document.compare')}
            </Button>
            <Button disabled={!seen} loading={apply.isPending && !apply.variables} onClick={() => apply.mutate(false)}>
              {t('admin.document.apply')}
            </Button>
          </Group>
        </Stack>
      </section>
    </Stack>
  );
}

function Export() {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('admin.document.export')}
      </Title>
      <Text mb="sm">{t('admin.document.exportHelp')}</Text>
      <Button
        component="a"
        href="/v1/config:export?format=yaml"
        download="patchcord.yaml"
        variant="light"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t('admin.document.download')}
      </Button>
    </section>
  );
}

function Given({ yaml, onChange }: { readonly yaml: string; readonly onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Group>
        <FileButton
          accept=".yaml,.yml,.json,application/yaml"
          onChange={(file) => void file?.text().then(onChange)}
          inputProps={{ 'aria-label': t('admin.document.file') }}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
              {t('admin.document.file')}
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        label={t('admin.document.text')}
        placeholder={'campaign:\n  - id: support\n    name: Support'}
        autosize
        minRows={8}
        maxRows={24}
        styles={{ input: { fontFamily: 'monospace' } }}
        value={yaml}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </>
  );
}

const colours = { create: 'teal', update: 'blue', remove: 'red', unchanged: 'gray' } as const;

function Changes({ applied: { dryRun, changes } }: { readonly applied: Applied }) {
  const { t } = useTranslation();
  const real = changes.filter(({ change }) => change !== 'unchanged');
  const said = dryRun ? 'admin.document.would' : 'admin.document.done';
  return (
    <Stack gap="xs">
      <Text role="status">{t(said, { count: real.length })}</Text>
      {real.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {(['change', 'entity', 'fields'] as const).map((column) => (
                  <Table.Th key={column} scope="col">
                    {t(`admin.document.columns.${column}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {real.map(({ kind, id, change, fields }) => (
                <Table.Tr key={`${kind} ${id}`}>
                  <Table.Td>
                    <Badge color={colours[change]} variant="light" tt="none">
                      {t(`admin.document.changes.${change}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Th scope="row" fw={500}>
                    {t(`admin.kinds.${kind}`)} {id}
                  </Table.Th>
                  <Table.Td>{fields?.join(', ')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
