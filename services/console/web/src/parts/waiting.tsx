import { Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Something is on its way: it is said to those who do not see it turn. */
export function Waiting({ mih = '40vh' }: { readonly mih?: string | number }) {
  const { t } = useTranslation();
  return (
    <Center mih={mih}>
      <Loader role="img" aria-label={t('common.loading')} />
    </Center>
  );
}
