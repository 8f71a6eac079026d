import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { AuthenticationFields } from './authentication-fields.tsx';
import { AuthenticationTest } from './authentication-test.tsx';
import { authenticationOf, authenticationValues, emptyAuthentication } from './authentication-values.ts';

/** How we show external sites who we are. */
export const Authentications = () => <EntityPages list={<AuthenticationList />} editor={<AuthenticationEditor />} />;

function AuthenticationList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="site-authentication"
      columns={[
        { heading: t('adminAuthentications.kind'), cell: ({ kind }) => t(`adminAuthentications.kinds.${kind}`) },
      ]}
    />
  );
}

const AuthenticationEditor = () => (
  <EntityEditor
    kind="site-authentication"
    empty={emptyAuthentication}
    toForm={authenticationValues}
    toEntity={authenticationOf}
  >
    {(form, stored) => (
      <Stack gap="xl">
        <AuthenticationFields form={form} />
        <AuthenticationTest stored={stored} isChanged={form.isDirty()} network={form.values} />
      </Stack>
    )}
  </EntityEditor>
);
