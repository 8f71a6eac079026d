import { useTranslation } from 'react-i18next';

interface CallerTextProps {
  readonly name?: string | undefined;
  readonly number?: string | undefined;
}

/**
 * Who calls. Callers choose their own names: each part is isolated, so that a name that turns the direction of writing
 * turns nothing but itself, and a long one is broken anywhere.
 */
export function CallerText({ name = '', number = '' }: CallerTextProps) {
  const { t } = useTranslation();
  if (name === '' && number === '') return t('live.unknownCaller');
  return (
    <>
      {number !== '' && <bdi style={{ overflowWrap: 'break-word' }}>{number}</bdi>}
      {number !== '' && name !== '' && ' · '}
      {name !== '' && <bdi style={{ overflowWrap: 'anywhere' }}>{name}</bdi>}
    </>
  );
}
