import type { FlowModuleType } from '@patchcord/contracts';
import {
  IconArrowForward,
  IconArrowsSplit,
  IconClockPause,
  IconDatabaseSearch,
  IconDialpad,
  IconFingerprint,
  type IconHeadphones,
  IconListNumbers,
  IconMailbox,
  IconMessageCircle,
  IconPhoneOff,
  IconPlayerRecord,
  IconUsersGroup,
  IconVariable,
  IconVolume,
  IconWorldShare,
} from '@tabler/icons-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import type { DraftModule } from './model/draft.ts';
import type { Exit } from './model/exits.ts';
import { type FlowProblem, problemAt } from './model/problems.ts';

/** A picture for each kind of module; the words beside it say the same. */
export const iconOf: Readonly<Record<FlowModuleType, typeof IconHeadphones>> = {
  'audio-player': IconVolume,
  'text-to-speech': IconMessageCircle,
  'simple-menu': IconDialpad,
  'input-reader': IconListNumbers,
  switch: IconArrowsSplit,
  'set-variables': IconVariable,
  'wait-for-variable': IconClockPause,
  'http-action': IconWorldShare,
  'crm-workflow': IconDatabaseSearch,
  identification: IconFingerprint,
  queue: IconUsersGroup,
  transfer: IconArrowForward,
  voicemail: IconMailbox,
  'play-recording': IconPlayerRecord,
  hangup: IconPhoneOff,
};

const noTriggers: readonly { readonly id: string; readonly name: string }[] = [];

/** What a way out of a module is called: by its key, its trigger, or what came of the module. */
export function useExitWords(): (module: DraftModule, exit: Exit) => string {
  const { t } = useTranslation();
  const { data: triggers = noTriggers } = useEntities('trigger');
  return useCallback(
    ({ type }: DraftModule, { kind, digit, use }: Exit) => {
      switch (kind) {
        case 'key':
          return t('flow.exits.key', { digit });
        case 'route': {
          const name = triggers.find(({ id }) => id === use?.trigger)?.name ?? use?.trigger ?? '';
          if (name === '') return t('flow.exits.route');
          return use?.invert === true ? t('flow.exits.not', { name }) : name;
        }
        case 'next':
          return t(`flow.next.${type}`);
        case 'otherwise':
          return otherwiseTypes.includes(type) ? t(`flow.otherwise.${type as OtherwiseType}`) : kind;
        default:
          return t(`flow.outcomes.${kind}`);
      }
    },
    [t, triggers],
  );
}

type OtherwiseType = 'input-reader' | 'wait-for-variable' | 'http-action' | 'crm-workflow' | 'identification';
const otherwiseTypes: readonly FlowModuleType[] = [
  'input-reader',
  'wait-for-variable',
  'http-action',
  'crm-workflow',
  'identification',
];

/** What is wrong with a field, in words; `undefined` where nothing is. */
export function useProblemWords(): (problems: readonly FlowProblem[], field: string) => string | undefined {
  const { t } = useTranslation();
  return useCallback(
    (problems, field) => {
      const problem = problemAt(problems, field);
      return problem?.empty === true ? t('flow.problems.empty') : problem?.message;
    },
    [t],
  );
}
