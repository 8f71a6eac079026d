import { Alert, Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Card } from '@patchcord/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../../../api/session.ts';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';
import classes from './card.module.css';
import { useCards, useDuplicates, useMerge } from './card-api.ts';
import { closing } from './search-again.tsx';

/** A card that can become part of the one that is shown. */
interface Candidate extends Pick<Card, 'cardId' | 'channel' | 'state' | 'updatedAt'> {
  readonly titles: readonly string[];
  /** Absent: nothing speaks for it but the agent. */
  readonly reason?: 'customer' | 'record';
}

interface MergeProps {
  readonly cardId: string;
  readonly card: Card;
}

/** Says that another card seems to be of the same customer, and offers to make one of both. */
export function MergeOffer({ cardId, card }: MergeProps) {
  const { t } = useTranslation();
  const { data: duplicates = [] } = useDuplicates(cardId, card.version);
  const [chosen, setChosen] = useState<Candidate>();
  return (
    <>
      {duplicates.length > 0 && (
        <Alert color="blue" title={t('card.merge.found', { count: duplicates.length })} role="status" data-duplicates>
          <Stack component="ul" gap="xs" className={classes.list}>
            {duplicates.map((one) => {
              // Nothing is pinned there yet: it is known by what is the same.
              const named = one.titles.length === 0 ? { ...one, titles: [card.customer ?? ''] } : one;
              return <CandidateItem key={one.cardId} of={named} onChoose={() => setChosen(named)} />;
            })}
          </Stack>
        </Alert>
      )}
      <MergeQuestion cardId={cardId} from={chosen} onClose={() => setChosen(undefined)} />
    </>
  );
}

/** Any other of his cards. */
export function MergeDialog({ cardId, card, opened, onClose }: MergeProps & { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Candidate>();
  return (
    <>
      <Modal opened={opened} onClose={onClose} title={t('card.merge.choose')} size="lg" {...closing(t)}>
        <Others
          card={card}
          onChoose={(one) => {
            onClose();
            setChosen(one);
          }}
        />
      </Modal>
      <MergeQuestion cardId={cardId} from={chosen} onClose={() => setChosen(undefined)} />
    </>
  );
}

function Others({ card, onChoose }: { readonly card: Card; readonly onChoose: (one: Candidate) => void }) {
  const { t } = useTranslation();
  const { agentId } = useSignedIn();
  const { data: cards, error, refetch } = useCards(agentId);
  const others = (cards ?? []).filter(({ cardId }) => cardId !== card.cardId);
  return (
    <Stack>
      <Text size="sm">{t('card.merge.chooseHelp')}</Text>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {cards !== undefined && others.length === 0 && <Text>{t('card.merge.noOthers')}</Text>}
      <Stack component="ul" gap="xs" className={classes.list}>
        {others.map(({ current, customer, ...one }) => (
          <CandidateItem
            key={one.cardId}
            of={{ ...one, titles: current.length > 0 ? current.map(({ title }) => title) : [customer ?? ''] }}
            onChoose={onChoose}
          />
        ))}
      </Stack>
    </Stack>
  );
}

function CandidateItem({ of, onChoose }: { readonly of: Candidate; readonly onChoose: (one: Candidate) => void }) {
  const { t, i18n } = useTranslation();
  const { cardId, channel, state, reason, updatedAt } = of;
  return (
    <Group component="li" justify="space-between" gap="xs" data-candidate={cardId}>
      <div>
        <Text size="sm" fw={500} className={classes.text}>
          <bdi>{nameOf(of) || t('card.unknown')}</bdi>
        </Text>
        <Text size="sm">
          {t(`card.channels.${channel}`)} · {t(`card.states.${state}`)} ·{' '}
          <time dateTime={updatedAt}>{formatTime(updatedAt, i18n.language)}</time>
          {reason !== undefined && ` · ${t(`card.merge.reasons.${reason}`)}`}
        </Text>
      </div>
      <Button size="compact-sm" variant="default" onClick={() => onChoose(of)}>
        {t('card.merge.offer')}
        <span className={classes.hidden}>{nameOf(of)}</span>
      </Button>
    </Group>
  );
}

const nameOf = ({ titles }: Candidate): string => titles.filter((title) => title !== '').join(', ');

interface QuestionProps {
  readonly cardId: string;
  readonly from: Candidate | undefined;
  readonly onClose: () => void;
}

/** There is no way back, so it is asked first. */
function MergeQuestion({ cardId, from, onClose }: QuestionProps) {
  const { t } = useTranslation();
  const merge = useMerge(cardId);
  const close = (): void => {
    merge.reset();
    onClose();
  };
  return (
    <Modal opened={from !== undefined} onClose={close} title={t('card.merge.title')} {...closing(t)}>
      <Stack>
        <Text>
          {t('card.merge.question')} <b>{(from && nameOf(from)) || t('card.unknown')}</b>{' '}
          {from !== undefined && (
            <Badge variant="light" tt="none">
              {t(`card.channels.${from.channel}`)}
            </Badge>
          )}
        </Text>
        <Text size="sm">{t('card.merge.consequence')}</Text>
        {merge.error !== null && (
          <Problem error={merge.error} words={{ not_found: t('card.merge.gone'), conflict: t('card.merge.gone') }} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            data-autofocus
            loading={merge.isPending}
            onClick={() => from !== undefined && merge.mutate(from.cardId, { onSuccess: close })}
          >
            {t('card.merge.submit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
