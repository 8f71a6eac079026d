import { Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import type { FlowModuleType } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { type KindGroup, kindGroups } from '../model/kinds.ts';
import { iconOf } from '../words.ts';
import classes from './palette.module.css';

/** What a kind is carried as while it is dragged from the palette. */
export const dragFormat = 'application/x-patchcord-module';

interface PaletteProps {
  readonly onAdd: (kind: FlowModuleType) => void;
}

/** Every kind of module, with what it is for. Clicked it is added; it can also be dragged into the graph. */
export function Palette({ onAdd }: PaletteProps) {
  const { t } = useTranslation();
  const groups = Object.entries(kindGroups) as [KindGroup, readonly FlowModuleType[]][];
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('flow.palette.help')}
      </Text>
      {groups.map(([group, kinds]) => (
        <section key={group}>
          <Title order={3} size="h6" mb={4}>
            {t(`flow.groups.${group}`)}
          </Title>
          <Stack gap={4}>
            {kinds.map((kind) => (
              <Kind key={kind} kind={kind} onAdd={onAdd} />
            ))}
          </Stack>
        </section>
      ))}
    </Stack>
  );
}

function Kind({ kind, onAdd }: PaletteProps & { readonly kind: FlowModuleType }) {
  const { t } = useTranslation();
  const Icon = iconOf[kind];
  return (
    <UnstyledButton
      className={classes.kind}
      data-kind={kind}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragFormat, kind);
        event.dataTransfer.effectAllowed = 'copy';
      }}
      onClick={() => onAdd(kind)}
    >
      <Group wrap="nowrap" align="start" gap="sm">
        <Icon size={20} aria-hidden className={classes.icon} />
        <div>
          <Text size="sm" fw={600}>
            {t(`flow.kinds.${kind}`)}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`flow.kindHelp.${kind}`)}
          </Text>
        </div>
      </Group>
    </UnstyledButton>
  );
}
