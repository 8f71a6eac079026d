import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import type { FlowModuleType } from '@patchcord/contracts';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../parts/problem.tsx';
import { LeaveQuestion } from '../parts/leave-question.tsx';
import classes from './drawing.module.css';
import { type Editing, EditingContext, type Jump } from './editing.ts';
import { moduleOf, type Place } from './model/draft.ts';
import { addModule, withLayout } from './model/edits.ts';
import { connect, exitsOf } from './model/exits.ts';
import { blankModule } from './model/kinds.ts';
import { freePlace, heightOf, moduleWidth, placesOf } from './model/layout.ts';
import { draftOf, FlowConflict } from './parts/flow-conflict.tsx';
import { FlowPanel } from './parts/flow-panel.tsx';
import { Graph } from './parts/graph.tsx';
import { ModulePanel } from './parts/module-panel.tsx';
import { Outline } from './parts/outline.tsx';
import { Palette } from './parts/palette.tsx';
import { ProblemList } from './parts/problem-list.tsx';
import { RemoveQuestion } from './parts/remove-question.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { TryPanel } from './try/try-panel.tsx';
import { type Trying, useTry } from './try/use-try.ts';
import { type Beginning, useFlow } from './use-flow.ts';

const plus = <IconPlus size={16} aria-hidden />;

/** A flow while it is drawn. */
export function Drawing({ beginning }: { readonly beginning: Beginning }) {
  const { t } = useTranslation();
  const flow = useFlow(beginning);
  const trying = useTry(flow.draft);
  const [view, setView] = useState<'graph' | 'list'>('graph');
  const [palette, setPalette] = useState(false);
  const [about, setAbout] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const { editing, jump } = useEditingOf(flow, trying, setRemoving);
  useHotkeys([
    ['mod+Z', () => flow.undo?.()],
    ['mod+shift+Z', () => flow.redo?.()],
    ['mod+Y', () => flow.redo?.()],
  ]);
  // Also while somebody writes into a field.
  useHotkeys([['mod+S', () => flow.store()]], []);
  const { error } = flow.save;
  return (
    <EditingContext value={editing}>
      <Stack gap="sm" className={classes.page ?? ''}>
        <Toolbar flow={flow} trying={trying}>
          <ViewChoice view={view} onView={setView} />
          <Button variant="default" aria-expanded={palette} leftSection={plus} onClick={() => setPalette(!palette)}>
            {t('flow.palette.open')}
          </Button>
          <Button variant="default" aria-expanded={about} onClick={() => setAbout(!about)}>
            {t('flow.panel.flow')}
          </Button>
        </Toolbar>
        {error !== null && !flow.conflict && !flow.refused && <Problem error={error} />}
        <ProblemList refused={flow.refused} onFlow={() => setAbout(true)} />
        <div className={classes.board} data-palette={palette}>
          {palette && (
            <div className={`${classes.side} ${classes.palette}`} data-palette-list>
              <Palette onAdd={editing.add} />
            </div>
          )}
          <div className={view === 'graph' ? classes.canvas : classes.list}>
            {view === 'graph' ? <Graph jump={jump} /> : <Outline />}
          </div>
          <Side trying={trying} selected={editing.selected} jump={jump} about={about} onAbout={setAbout} />
        </div>
      </Stack>
      <RemoveQuestion id={removing} onClose={() => setRemoving(undefined)} />
      <LeaveQuestion when={flow.dirty && !flow.save.isPending} />
      {flow.conflict && (
        <FlowConflict
          mine={flow.draft}
          onTheirs={({ entity, etag }) => flow.begin({ draft: draftOf(entity), etag })}
          onMine={(etag) => flow.store(etag === undefined ? {} : { etag })}
          onClose={() => flow.save.reset()}
        />
      )}
    </EditingContext>
  );
}

interface SideProps {
  readonly trying: Trying;
  readonly selected: string | undefined;
  readonly jump: Jump | undefined;
  /** What is said about the flow as a whole is shown. */
  readonly about: boolean;
  readonly onAbout: (shown: boolean) => void;
}

/** The graph has the whole room while nothing is to be said beside it. */
function Side({ trying, selected, jump, about, onAbout }: SideProps) {
  if (!trying.opened && selected === undefined && !about) return undefined;
  return (
    <div className={classes.side}>
      {trying.opened ? (
        <TryPanel trying={trying} />
      ) : selected === undefined ? (
        <FlowPanel onClose={() => onAbout(false)} />
      ) : (
        <ModulePanel id={selected} jump={jump} />
      )}
    </div>
  );
}

interface ViewChoiceProps {
  readonly view: 'graph' | 'list';
  readonly onView: (view: 'graph' | 'list') => void;
}

function ViewChoice({ view, onView }: ViewChoiceProps) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      w="fit-content"
      aria-label={t('flow.view.label')}
      value={view}
      onChange={(value) => onView(value === 'list' ? 'list' : 'graph')}
      data={[
        { value: 'graph', label: t('flow.view.graph') },
        { value: 'list', label: t('flow.view.list') },
      ]}
    />
  );
}

function useEditingOf(flow: ReturnType<typeof useFlow>, trying: Trying, askRemove: Editing['askRemove']) {
  const { draft, change, problems } = flow;
  const { open, way } = trying;
  const [wanted, select] = useState<string>();
  const [jump, setJump] = useState<Jump>();
  const selected = moduleOf(draft, wanted)?.id;
  const editing = useMemo<Editing>(() => {
    const choose = (id: string | undefined): void => {
      select(id);
      if (id !== undefined) open(false);
    };
    return {
      draft,
      change,
      selected,
      select: choose,
      jump: (id) => {
        choose(id);
        setJump({ id, focus: true });
      },
      look: (id) => {
        select(id);
        setJump({ id, focus: false });
      },
      add: (kind, place) => {
        const made = added({ draft, selected }, kind, place);
        change(() => made.draft);
        choose(made.id);
        if (place === undefined) setJump({ id: made.id, focus: false });
      },
      askRemove,
      problems,
      way,
    };
  }, [draft, change, selected, askRemove, problems, way, open]);
  return { editing, jump };
}

/** Behind the module that is selected, which leads to it where it led nowhere; or where it was dropped. */
function added({ draft, selected }: Pick<Editing, 'draft' | 'selected'>, kind: FlowModuleType, place?: Place) {
  const blank = blankModule(kind);
  if (place !== undefined) return addModule(withLayout(draft, placesOf(draft)), blank, place);
  const from = moduleOf(draft, selected);
  const { layout } = draft;
  const beside = from === undefined ? { x: 0, y: 0 } : (layout?.[from.id] ?? { x: 0, y: 0 });
  const free =
    layout === undefined
      ? undefined
      : freePlace(draft.modules, layout, { x: beside.x + moduleWidth + 90, y: beside.y }, heightOf(blank));
  const made = addModule(draft, blank, free);
  const isOpen = from !== undefined && exitsOf(from).some(({ key, to }) => key === 'next' && to === undefined);
  return isOpen ? { ...made, draft: connect(made.draft, from.id, 'next', made.id) } : made;
}
