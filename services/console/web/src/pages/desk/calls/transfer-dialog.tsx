import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../parts/problem.tsx';
import { useDeskChoices } from '../use-agent-state.ts';
import { type TransferTo, useCallCommand } from '../use-call-commands.ts';

interface TransferDialogProps {
  readonly agentId: string;
  readonly callId: string;
  readonly onClose: () => void;
}

/** Hands a call on to a colleague, a queue or a number. */
export function TransferDialog({ agentId, callId, onClose }: TransferDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('desk.transfer.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <TransferForm agentId={agentId} callId={callId} onClose={onClose} />
    </Modal>
  );
}

type Kind = TransferTo['kind'];

const kinds = ['agent', 'queue', 'number'] as const;

function TransferForm({ agentId, callId, onClose }: TransferDialogProps) {
  const { t } = useTranslation();
  const command = useCallCommand(agentId);
  const [kind, setKind] = useState<Kind>('agent');
  const [target, setTarget] = useState('');
  const transfer = (): void =>
    command.mutate({ command: 'transfer', callId, to: targetOf(kind, target.trim()) }, { onSuccess: onClose });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        transfer();
      }}
    >
      <Stack>
        <Text size="sm">{t('desk.transfer.help')}</Text>
        <SegmentedControl
          aria-label={t('desk.transfer.kind')}
          value={kind}
          onChange={(value) => {
            setKind(value as Kind);
            setTarget('');
          }}
          data={kinds.map((value) => ({ value, label: t(`desk.transfer.${value}`) }))}
        />
        <Target key={kind} agentId={agentId} kind={kind} value={target} onChange={setTarget} />
        {command.error !== null && (
          <Problem error={command.error} words={{ agent_unreachable: t('desk.transfer.colleagueAway') }} />
        )}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={command.isPending} disabled={target.trim() === ''}>
            {t('desk.commands.transfer')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function targetOf(kind: Kind, value: string): TransferTo {
  if (kind === 'agent') return { kind, agentId: value };
  return kind === 'queue' ? { kind, queue: value } : { kind, number: value };
}

interface TargetProps {
  readonly agentId: string;
  readonly kind: Kind;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Target({ agentId, kind, value, onChange }: TargetProps) {
  const { t } = useTranslation();
  const { data: choices } = useDeskChoices(agentId);
  if (kind === 'number')
    return (
      <TextInput
        label={t('desk.transfer.number')}
        placeholder="+14155550123"
        type="tel"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  const { agents = [], queues = [] } = choices?.transferTo ?? {};
  const data =
    kind === 'queue'
      ? [...queues]
      : agents.map((agent) => ({ value: agent.agentId, label: `${agent.name} (${agent.agentId})` }));
  return (
    <Select
      label={t(`desk.transfer.${kind}`)}
      placeholder={t('desk.transfer.choose')}
      nothingFoundMessage={t('common.nothing')}
      searchable
      data={data}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
