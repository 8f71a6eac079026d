import { ActionIcon, AppShell, Burger, Button, Group, Menu, NavLink, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconHeadset,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSend,
  IconSettings,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { may, useSignedIn, useSignOut } from '../api/session.ts';
import { changeLanguage, type LanguageCode, languages } from '../i18n/index.ts';
import { SessionWatch } from './session-watch.tsx';
import classes from './shell.module.css';

const places = [
  { to: '/desk', text: 'shell.desk', scope: 'sessions:read', Icon: IconHeadset, forAgents: true },
  { to: '/live', text: 'shell.live', scope: 'sessions:read', Icon: IconActivity },
  { to: '/operations', text: 'shell.work', scope: 'admin', Icon: IconSend },
  { to: '/admin', text: 'shell.admin', scope: 'admin', Icon: IconSettings },
] as const;

/** What is around every page: where one is, where one can go, who is signed in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className={classes.skip} href="#content">
        {t('shell.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('shell.menu')}
              aria-expanded={opened}
            />
            <Text fw={700} size="lg">
              Patchcord
            </Text>
          </Group>
          <Tools />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className={opened ? '' : classes.closed} aria-label={t('shell.menu')}>
        <Places onGone={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
      <SessionWatch />
    </AppShell>
  );
}

function Places({ onGone }: { readonly onGone: () => void }) {
  const { t } = useTranslation();
  const session = useSignedIn();
  const { pathname } = useLocation();
  return places
    .filter((place) => may(session, place.scope) && !('forAgents' in place && session.agentId === undefined))
    .map(({ to, text, Icon }) => (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={t(text)}
        leftSection={<Icon size={18} aria-hidden />}
        active={pathname === to || pathname.startsWith(`${to}/`)}
        aria-current={pathname === to ? 'page' : undefined}
        onClick={onGone}
      />
    ));
}

/** Who is signed in, and what he can choose on every page. */
export function Tools() {
  const { name, tenantId } = useSignedIn();
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" c="dimmed" visibleFrom="sm">
        {name === undefined ? tenantId : `${name} · ${tenantId}`}
      </Text>
      <Languages />
      <Colours />
      <SignOut />
    </Group>
  );
}

/** On a phone there is no room for the words in every language. */
function SignOut() {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const doing = { loading: signOut.isPending, onClick: () => signOut.mutate(), variant: 'subtle' } as const;
  return (
    <>
      <Button {...doing} visibleFrom="sm" size="compact-sm" leftSection={<IconLogout size={16} aria-hidden />}>
        {t('shell.signOut')}
      </Button>
      <ActionIcon {...doing} hiddenFrom="sm" aria-label={t('shell.signOut')}>
        <IconLogout size={18} aria-hidden />
      </ActionIcon>
    </>
  );
}

function Languages() {
  const { t, i18n } = useTranslation();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('shell.language')}>
          <IconLanguage size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(languages).map(([code, name]) => (
          <Menu.Item
            key={code}
            lang={code}
            fw={i18n.language === code ? 700 : 400}
            onClick={() => void changeLanguage(code as LanguageCode)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Colours() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('shell.colours.label')}>
          {colorScheme === 'dark' ? <IconMoon size={18} aria-hidden /> : <IconSun size={18} aria-hidden />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item key={scheme} fw={colorScheme === scheme ? 700 : 400} onClick={() => setColorScheme(scheme)}>
            {t(`shell.colours.${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
