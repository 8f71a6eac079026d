import type { Card, CardActivity } from '@patchcord/contracts';
import { useState } from 'react';
import { type ActionRequest, newKey, useCardAction } from './card-api.ts';

type Asked = {
  [Kind in ActionRequest['kind']]: Omit<Extract<ActionRequest, { kind: Kind }>, 'key'>;
}[ActionRequest['kind']];

/**
 * Starts something from a card and follows what comes of it there. Pressed twice it is started once: the key is another
 * one only when something else is asked, or when what was asked has ended.
 */
export function useRun(cardId: string, card: Card) {
  const action = useCardAction(cardId);
  const [press, setPress] = useState({ key: newKey(), asked: '' });
  const runIds = action.data?.runIds ?? [];
  const runs = card.activities.filter(({ runId }) => runIds.includes(runId));
  const isUnderWay = action.isPending || (action.isSuccess && runs.length < runIds.length) || runs.some(isRunning);
  const start = (asked: Asked): void => {
    if (isUnderWay) return;
    const text = JSON.stringify(asked);
    const next = action.isSuccess || text !== press.asked ? { key: newKey(), asked: text } : press;
    setPress(next);
    action.mutate({ ...asked, key: next.key } as ActionRequest);
  };
  return { start, runs, error: action.error, isUnderWay, isAccepted: action.isSuccess };
}

const isRunning = ({ outcome }: CardActivity): boolean => outcome === 'running';
