import { Alert, Button, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { type RefusalText, useRefusalText } from './use-refusal-text.ts';

interface ProblemProps {
  readonly error: unknown;
  readonly again?: () => void;
  /** What to say instead of what is usually said, by the code of the error. */
  readonly words?: Readonly<Record<string, string>>;
}

/** What went wrong and what to do next, with the fields that the API names or what else it says of it. */
export function Problem({ error, again, words = {} }: ProblemProps) {
  const { t } = useTranslation();
  const refusalText = useRefusalText();
  const known = error instanceof ApiError ? error : undefined;
  const text: RefusalText =
    known === undefined ? { says: t('common.unreachable') } : (inOwnWords(words, known) ?? refusalText(known));
  const issues = known?.issues ?? [];
  return (
    <Alert color="red" role="alert" title={text.says}>
      {text.detail !== undefined && issues.length === 0 && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {text.detail}
        </Text>
      )}
      {issues.length > 0 && (
        <List size="sm">
          {issues.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>{path === '' ? message : `${path}: ${message}`}</List.Item>
          ))}
        </List>
      )}
      {again !== undefined && (
        <Button mt="sm" size="xs" variant="light" color="red" onClick={again}>
          {t('common.again')}
        </Button>
      )}
    </Alert>
  );
}

function inOwnWords(words: Readonly<Record<string, string>>, { code }: ApiError): RefusalText | undefined {
  const says = words[code];
  return says === undefined ? undefined : { says };
}
