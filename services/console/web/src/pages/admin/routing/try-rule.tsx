import { Alert, Fieldset } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { RoutingTrial } from './routing-trial.tsx';

/** The rule that is stored, asked for a caller. */
export function TryRule({ rule, unsaved }: { readonly rule: string; readonly unsaved: boolean }) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('admin.tools.routing-test')}>
      {unsaved && (
        <Alert color="orange" mb="sm">
          {t('adminRouting.test.unsaved')}
        </Alert>
      )}
      <RoutingTrial rule={rule} />
    </Fieldset>
  );
}
