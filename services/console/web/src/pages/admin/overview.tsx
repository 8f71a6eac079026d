import { Anchor, Card, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listPath, sections } from './sections.ts';

/** All that can be administrated, each with what it is for. */
export function Overview() {
  const { t } = useTranslation();
  return (
    <Stack gap="xl">
      <div>
        <Title order={1} size="h2">
          {t('admin.title')}
        </Title>
        <Text c="dimmed">{t('admin.intro')}</Text>
      </div>
      {sections.map(({ key, kinds, tools }) => (
        <section key={key}>
          <Title order={2} size="h4" mb="sm">
            {t(`admin.sections.${key}`)}
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
            {kinds.map((kind) => (
              <Place
                key={kind}
                to={listPath(kind)}
                title={t(`admin.plurals.${kind}`)}
                about={t(`admin.about.${kind}`)}
              />
            ))}
            {tools.map((tool) => (
              <Place
                key={tool}
                to={`/admin/${tool}`}
                title={t(`admin.tools.${tool}`)}
                about={t(`admin.toolsAbout.${tool}`)}
              />
            ))}
          </SimpleGrid>
        </section>
      ))}
    </Stack>
  );
}

function Place({ to, title, about }: { readonly to: string; readonly title: string; readonly about: string }) {
  return (
    <Card withBorder padding="md">
      <Anchor component={Link} to={to} fw={600}>
        {title}
      </Anchor>
      <Text size="sm" c="dimmed" mt={4}>
        {about}
      </Text>
    </Card>
  );
}
