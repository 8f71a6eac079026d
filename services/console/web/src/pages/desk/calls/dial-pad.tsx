import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import { useDeskChoices } from '../use-agent-state.ts';
import { useDial } from '../use-call-commands.ts';

/** Calls a number: the agent's phone rings first, and dials once he picks up. */
export function DialPad({ agentId }: { readonly agentId: string }) {
  const { t } = useTranslation();
  const { data: choices } = useDeskChoices(agentId);
  const dial = useDial(agentId);
  const [to, setTo] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const campaigns = choices?.campaigns ?? [];
  // Where there is one only, it is not asked for: without a campaign there is no disposition and no record.
  const campaignId = campaigns.length === 1 ? (campaigns[0]?.id ?? null) : chosen;
  const wrong = dial.error instanceof ApiError ? dial.error.issues.find(({ path }) => path === 'to') : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const asked = { to: to.trim(), ...(campaignId === null ? {} : { campaignId }) };
        dial.mutate(asked, { onSuccess: () => setTo('') });
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            label={t('desk.dial.number')}
            placeholder="+14155550123"
            type="tel"
            autoComplete="off"
            style={{ flex: 1 }}
            value={to}
            error={wrong?.message}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
          <Button
            type="submit"
            leftSection={<IconPhoneOutgoing size={16} aria-hidden />}
            loading={dial.isPending}
            disabled={to.trim() === '' || choices?.phone.outcome !== 'reached'}
          >
            {t('desk.dial.call')}
          </Button>
        </Group>
        {campaigns.length > 1 && (
          <Select
            label={t('desk.dial.campaign')}
            placeholder={t('desk.dial.noCampaign')}
            clearable
            clearButtonProps={{ 'aria-label': t('desk.dial.noCampaign') }}
            data={campaigns.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={setChosen}
          />
        )}
        {dial.error !== null && wrong === undefined && <Problem error={dial.error} />}
      </Stack>
    </form>
  );
}
