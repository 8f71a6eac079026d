import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import classes from './card.module.css';
import type { useRun } from './use-run.ts';

/** What became of a writing, and what to do when nothing did. What was typed stays in the form. */
export function RunState({ run }: { readonly run: ReturnType<typeof useRun> }) {
  const { t } = useTranslation();
  if (run.error !== null) return <Refused error={run.error} />;
  if (run.isUnderWay) return <Text role="status">{t('card.run.underWay')}</Text>;
  return run.runs.map(({ runId, outcome, text }) =>
    outcome === 'written' || outcome === 'found' ? (
      <Alert key={runId} color="teal" role="status" title={t(`card.run.${outcome}`)}>
        <span className={classes.text}>{text}</span>
      </Alert>
    ) : (
      <Alert key={runId} color="red" role="alert" title={t(`card.activity.outcomes.${outcome}`)} data-run={outcome}>
        <Text size="sm" className={classes.text}>
          <bdi>{text}</bdi>
        </Text>
        {outcome !== 'running' && <Text size="sm">{t(`card.activity.remedies.${outcome}`)}</Text>}
      </Alert>
    ),
  );
}

function Refused({ error }: { readonly error: Error }) {
  const { t } = useTranslation();
  const words = {
    not_found: t('card.gone'),
    no_workflow: t('card.run.noWorkflow'),
    no_connection: t('card.run.noConnection'),
    no_number: t('card.run.noNumber'),
  };
  const isKnown = error instanceof ApiError && error.code in words;
  return (
    <Problem
      error={isKnown ? new ApiError(error.status, { code: error.code, message: error.message }) : error}
      words={words}
    />
  );
}
