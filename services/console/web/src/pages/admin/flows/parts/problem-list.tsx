import { Alert, Button, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { moduleOf, titleOf } from '../model/draft.ts';
import type { FlowProblem } from '../model/problems.ts';

interface ProblemListProps {
  /** It was tried to store the flow. */
  readonly refused: boolean;
  /** Somebody wants to see what is said of the flow as a whole. */
  readonly onFlow: () => void;
}

/** What keeps the flow from being saved; each leads to its module. */
export function ProblemList({ refused, onFlow }: ProblemListProps) {
  const { t } = useTranslation();
  const { problems } = useEditing();
  if (problems.length === 0) return undefined;
  return (
    <Alert
      color="red"
      role={refused ? 'alert' : 'status'}
      icon={<IconAlertTriangle aria-hidden />}
      title={t(refused ? 'flow.problems.refused' : 'flow.problems.title', { count: problems.length })}
      data-problem-list
    >
      <List size="sm" listStyleType="none" mah={132} style={{ overflowY: 'auto' }} tabIndex={0}>
        {problems.map((problem) => (
          <List.Item key={`${problem.module} ${problem.field} ${problem.message}`}>
            <OneProblem problem={problem} onFlow={onFlow} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function OneProblem({ problem, onFlow }: Pick<ProblemListProps, 'onFlow'> & { readonly problem: FlowProblem }) {
  const { t } = useTranslation();
  const { module: id, field, message, empty } = problem;
  const { draft, jump, select } = useEditing();
  const module = moduleOf(draft, id);
  const where = field === '' ? '' : ` (${field})`;
  return (
    <>
      <Button
        variant="transparent"
        size="compact-sm"
        px={0}
        mr={6}
        color="var(--mantine-color-anchor)"
        td="underline"
        onClick={() => {
          if (module !== undefined) return jump(module.id);
          select(undefined);
          onFlow();
        }}
      >
        {module === undefined ? draft.name : titleOf(module)}
      </Button>
      {empty === true ? (
        <span>
          {t('flow.problems.empty')}
          {where}
        </span>
      ) : (
        <span lang="en">
          {message}
          {where}
        </span>
      )}
    </>
  );
}
