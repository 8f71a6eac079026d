import { Alert, Button, FileButton, Paper, Stack, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface ChooseFileProps {
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
  readonly isUnreadable: boolean;
}

/** A file is dropped here, or chosen by a button. */
export function ChooseFile({ file, onFile, isUnreadable }: ChooseFileProps) {
  const { t, i18n } = useTranslation();
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped !== undefined) onFile(dropped);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(true);
  };
  const sizeOf = (bytes: number): string =>
    new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(
      Math.max(1, bytes / 1000),
    );
  return (
    <>
      <Paper
        withBorder
        p="xl"
        data-drop
        onDrop={drop}
        onDragOver={over}
        onDragLeave={() => setIsOver(false)}
        bg={isOver ? 'var(--mantine-color-teal-light)' : 'transparent'}
        style={{ borderStyle: 'dashed' }}
      >
        <Stack align="center" gap="xs">
          <IconFileTypeCsv size={36} aria-hidden />
          <Text fw={500}>
            {file === undefined
              ? t('adminContacts.import.drop')
              : t('adminContacts.import.chosen', { name: file.name, size: sizeOf(file.size) })}
          </Text>
          <Text size="sm" c="dimmed" ta="center">
            {t('adminContacts.import.dropHelp')}
          </Text>
          <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(one) => one !== null && onFile(one)}>
            {(props) => (
              <Button variant="light" {...props}>
                {t('adminContacts.import.choose')}
              </Button>
            )}
          </FileButton>
        </Stack>
      </Paper>
      {isUnreadable && (
        <Alert color="red" role="alert">
          {t('adminContacts.import.unreadable')}
        </Alert>
      )}
    </>
  );
}
