import { Alert, Button, List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';

interface ProblemProps {
  readonly error: unknown;
  readonly again?: () => void;
  /** What to say instead of the API's own words, by the code of the error. */
  readonly words?: Readonly<Record<string, string>>;
}

/** What went wrong, in the API's own words, with the fields that it names. */
export function Problem({ error, again, words = {} }: ProblemProps) {
  const { t } = useTranslation();
  const known = error instanceof ApiError && error.status !== 0 ? error : undefined;
  const title = known === undefined ? t('common.unreachable') : (words[known.code] ?? known.message);
  return (
    <Alert color="red" role="alert" title={title}>
      {known !== undefined && known.issues.length > 0 && (
        <List size="sm">
          {known.issues.map(({ path, message }) => (
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
