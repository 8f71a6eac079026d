import { Alert, Button, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { moduleOf, titleOf } from '../model/draft.ts';
import type { FlowProblem } from '../model/problems.ts';

/** What keeps the flow from being saved; each leads to its module. */
export function ProblemList({ refused }: { readonly refused: boolean }) {
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
            <OneProblem problem={problem} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function OneProblem({ problem: { module: id, field, message } }: { readonly problem: FlowProblem }) {
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
        onClick={() => (module === undefined ? select(undefined) : jump(module.id))}
      >
        {module === undefined ? draft.name : titleOf(module)}
      </Button>
      <span lang="en">
        {message}
        {where}
      </span>
    </>
  );
}
