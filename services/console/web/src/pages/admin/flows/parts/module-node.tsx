import { Text } from '@mantine/core';
import { IconAlertTriangle, IconBolt, IconFlag, IconPhone, IconPlus } from '@tabler/icons-react';
import { Handle, type Node, type NodeProps, Position, useUpdateNodeInternals } from '@xyflow/react';
import { memo, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type DraftModule, titleOf } from '../model/draft.ts';
import { exitsOf, newExitOf } from '../model/exits.ts';
import { iconOf, useExitWords } from '../words.ts';
import classes from './graph.module.css';

interface ModuleData extends Record<string, unknown> {
  readonly module: DraftModule;
  readonly isStart: boolean;
  /** How many. */
  readonly problems: number;
  /** Of a call that is tried: it came through, or is here now. */
  readonly way: 'none' | 'passed' | 'here';
}
export type ModuleNodeType = Node<ModuleData, 'module'>;

/** A module in the graph: what it is, and a handle for each way out. */
export const ModuleNode = memo(function ModuleNode({ id, data, selected }: NodeProps<ModuleNodeType>) {
  const { module, isStart, problems, way } = data;
  const exits = exitsOf(module);
  const update = useUpdateNodeInternals();
  const handles = [...exits.map(({ key }) => key), (module.automations ?? []).length > 0].join(' ');
  useEffect(() => update(id), [handles, id, update]);
  return (
    <div
      className={classes.node}
      data-module={id}
      data-selected={selected}
      data-problems={problems}
      data-way={way}
      data-start={isStart}
    >
      <Handle type="target" position={Position.Left} id="in" className={classes.in} />
      <Head module={module} isStart={isStart} problems={problems} isHere={way === 'here'} />
      <Exits module={module} />
    </div>
  );
});

type HeadProps = Pick<ModuleData, 'module' | 'isStart' | 'problems'> & { readonly isHere: boolean };

function Head({ module, isStart, problems, isHere }: HeadProps) {
  const { t } = useTranslation();
  const Icon = iconOf[module.type];
  const automations = (module.automations ?? []).length;
  return (
    <>
      <div className={classes.head}>
        <Icon size={20} aria-hidden className={classes.icon} />
        <div className={classes.names}>
          <Text size="sm" fw={600} truncate>
            {titleOf(module)}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {t(`flow.kinds.${module.type}`)}
          </Text>
        </div>
        {isStart && <IconFlag size={16} aria-label={t('flow.start')} />}
        {isHere && <IconPhone size={16} aria-label={t('flow.try.here')} />}
        {problems > 0 && (
          <IconAlertTriangle
            size={18}
            className={classes.alarm}
            aria-label={t('flow.problems.here', { count: problems })}
          />
        )}
      </div>
      {automations > 0 && (
        <div className={classes.automations}>
          <IconBolt size={14} aria-hidden />
          {t('flow.automations.count', { count: automations })}
        </div>
      )}
    </>
  );
}

function Exits({ module }: { readonly module: DraftModule }) {
  const { t } = useTranslation();
  const wordsOf = useExitWords();
  const more = newExitOf(module);
  return (
    <>
      {exitsOf(module).map((exit) => (
        <div key={exit.key} className={classes.exit} data-exit={exit.key} data-open={exit.to === undefined}>
          <span className={classes.exitName}>{wordsOf(module, exit)}</span>
          <Handle type="source" position={Position.Right} id={exit.key} className={classes.out} />
        </div>
      ))}
      {more !== undefined && (
        <div className={classes.exit} data-exit={more} data-new>
          <span className={classes.exitName}>
            <IconPlus size={12} aria-hidden /> {t(more === 'options.+' ? 'flow.exits.newKey' : 'flow.exits.newRoute')}
          </span>
          <Handle type="source" position={Position.Right} id={more} className={classes.out} />
        </div>
      )}
    </>
  );
}
