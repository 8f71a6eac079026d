import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../parts/problem.tsx';
import { type DigitalDoing, type OwnContact, useDigitalAction, useTransferTargets } from './digital-api.ts';
import { closing } from './search-again.tsx';

/** What an agent can do with his part of a conversation. */
export function DigitalActions({ own }: { readonly own: OwnContact }) {
  const { t } = useTranslation();
  const action = useDigitalAction(own);
  const [asks, setAsks] = useState<'transfer' | 'close'>();
  const waits = action.isPending ? action.variables.kind : undefined;
  // It is told; that it is so is heard a moment later.
  const isTold = action.isSuccess && action.data.outcome === 'told';
  const free = own.segment.unassignedAt === undefined ? 'release' : 'dismiss';
  const act = (doing: DigitalDoing): void => {
    if (!action.isPending) action.mutate(doing, { onSuccess: () => setAsks(undefined) });
  };
  return (
    <Stack gap="xs">
      {action.error !== null && <Problem error={action.error} words={{ not_found: t('card.digital.gone') }} />}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" disabled={isTold} onClick={() => setAsks('transfer')}>
          {t('card.digital.transfer')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={waits === free}
          disabled={isTold}
          title={t(`card.digital.help.${free}`)}
          onClick={() => act({ kind: free })}
        >
          {t(`card.digital.${free}`)}
        </Button>
        <Button size="compact-sm" variant="light" color="red" disabled={isTold} onClick={() => setAsks('close')}>
          {t('card.digital.close')}
        </Button>
      </Group>
      {isTold && (
        <Text size="sm" role="status">
          {t('card.digital.told')}
        </Text>
      )}
      <CloseQuestion
        opened={asks === 'close'}
        onClose={() => setAsks(undefined)}
        waits={waits === 'close'}
        onSubmit={() => act({ kind: 'close' })}
      />
      <TransferDialog
        own={own}
        opened={asks === 'transfer'}
        onClose={() => setAsks(undefined)}
        waits={waits === 'transfer'}
        onSubmit={(to) => act({ kind: 'transfer', to })}
      />
    </Stack>
  );
}

interface DialogProps {
  readonly opened: boolean;
  readonly waits: boolean;
  readonly onClose: () => void;
}

function CloseQuestion({ opened, waits, onClose, onSubmit }: DialogProps & { readonly onSubmit: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t('card.digital.closeTitle')} {...closing(t)}>
      <Stack>
        <Text>{t('card.digital.closeHelp')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={waits} onClick={onSubmit} data-autofocus>
            {t('card.digital.closeSubmit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

type Target = Extract<DigitalDoing, { kind: 'transfer' }>['to'];

interface TransferProps extends DialogProps {
  readonly own: OwnContact;
  readonly onSubmit: (to: Target) => void;
}

/** Kind and name in one value: a queue may be called like an agent. */
const asValue = (to: Target): string => JSON.stringify(to);

function TransferDialog({ own, opened, waits, onClose, onSubmit }: TransferProps) {
  const { t } = useTranslation();
  const { data: targets, error, refetch } = useTransferTargets(opened);
  const [value, setValue] = useState<string | null>(null);
  const [isTried, setTried] = useState(false);
  const agents = (targets?.agents ?? []).filter(({ agentId }) => agentId !== own.segment.agent.agentId);
  const submit = (): void => {
    setTried(true);
    if (value !== null) onSubmit(JSON.parse(value) as Target);
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('card.digital.transferTitle')} {...closing(t)}>
      <Stack>
        {error !== null && <Problem error={error} again={() => void refetch()} />}
        <Select
          label={t('card.digital.to')}
          description={t('card.digital.toHelp')}
          withAsterisk
          searchable
          placeholder={t('card.disposition.choose')}
          nothingFoundMessage={t('card.digital.nobody')}
          error={isTried && value === null ? t('card.required') : undefined}
          data={[
            {
              group: t('card.digital.agents'),
              items: agents.map(({ agentId, name }) => ({
                value: asValue({ agentId }),
                label: `${name} (${agentId})`,
              })),
            },
            {
              group: t('card.digital.queues'),
              items: (targets?.queues ?? []).map((queue) => ({ value: asValue({ queue }), label: queue })),
            },
          ]}
          value={value}
          onChange={setValue}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button loading={waits} onClick={submit}>
            {t('card.digital.transferSubmit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
