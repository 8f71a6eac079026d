import { Tabs, Text } from '@mantine/core';
import type { ScreenPop } from '@patchcord/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../desk.module.css';
import { PopPage } from './pop-page.tsx';

interface PopTabsProps {
  readonly pops: readonly ScreenPop[];
  /** The call that the desk is about. */
  readonly callId: string | undefined;
}

/** The pages of the sites for the selected call. Those of other calls stay as they are, out of sight: nothing is loaded twice. */
export function PopTabs({ pops, callId }: PopTabsProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = pops.filter((pop) => pop.callId === undefined || pop.callId === callId);
  const active = shown.find(({ popId }) => popId === chosen) ?? shown.at(-1);
  return (
    <>
      {shown.length === 0 && (
        <Text c="dimmed" p="md">
          {t(callId === undefined ? 'desk.pops.noCall' : 'desk.pops.none')}
        </Text>
      )}
      <Tabs value={active?.popId ?? ''} onChange={setChosen} keepMounted className={classes.pops}>
        {shown.length > 0 && (
          <Tabs.List>
            {shown.map(({ popId, site }) => (
              <Tabs.Tab key={popId} value={popId}>
                {site.name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        )}
        {pops.map((pop) => (
          <Tabs.Panel key={pop.popId} value={pop.popId} className={classes.panel}>
            <PopPage pop={pop} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
