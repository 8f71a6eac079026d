import '@xyflow/react/dist/style.css';
import { useMantineColorScheme } from '@mantine/core';
import {
  Background,
  type Connection,
  Controls,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Jump, useEditing } from '../editing.ts';
import { type DraftModule, type Layout, type Place, titleOf } from '../model/draft.ts';
import { withLayout } from '../model/edits.ts';
import { connect, exitsOf } from '../model/exits.ts';
import { edgesOf, nodesOf } from '../model/graph.ts';
import { isKind } from '../model/kinds.ts';
import { placesOf } from '../model/layout.ts';
import { useExitWords } from '../words.ts';
import classes from './graph.module.css';
import { ModuleNode, type ModuleNodeType } from './module-node.tsx';
import { dragFormat } from './palette.tsx';

const nodeTypes = { module: ModuleNode };

interface GraphProps {
  readonly jump: Jump | undefined;
}

/** The flow as a graph: modules are moved, ways are drawn from one to the other. */
export function Graph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ jump }: GraphProps) {
  const { t } = useTranslation();
  const { colorScheme } = useMantineColorScheme();
  const { select, selected, draft } = useEditing();
  const board = useRef<HTMLDivElement>(null);
  const drawn = useDrawn();
  const acts = useActs(drawn.setSelectedEdge);
  useJump(jump);
  const labels = useMemo(
    () => ({
      'node.a11yDescription.default': t('flow.graph.nodeHelp'),
      'edge.a11yDescription.default': t('flow.graph.edgeHelp'),
      'controls.ariaLabel': t('flow.graph.controls'),
      'controls.zoomIn.ariaLabel': t('flow.graph.zoomIn'),
      'controls.zoomOut.ariaLabel': t('flow.graph.zoomOut'),
      'controls.fitView.ariaLabel': t('flow.graph.fit'),
      'minimap.ariaLabel': t('flow.graph.minimap'),
    }),
    [t],
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the palette can also be clicked.
    <div ref={board} className={classes.graph} data-graph={draft.id} onDragOver={allowDrop} onDrop={acts.drop}>
      <ReactFlow<ModuleNodeType>
        nodes={drawn.nodes}
        edges={drawn.edges}
        nodeTypes={nodeTypes}
        colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
        ariaLabelConfig={labels}
        onNodesChange={drawn.onNodesChange}
        onNodeClick={(_event, { id }) => select(id)}
        onEdgeClick={(_event, { id }) => drawn.setSelectedEdge(id)}
        onEdgesChange={drawn.onEdgesChange}
        onPaneClick={() => {
          drawn.setSelectedEdge(undefined);
          if (selected !== undefined) select(undefined);
        }}
        onConnect={acts.join}
        onReconnect={(_edge, connection) => acts.join(connection)}
        onBeforeDelete={acts.remove}
        deleteKeyCode={deleteKeys}
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        connectionRadius={28}
        minZoom={0.1}
        onInit={(instance) => show(instance, board.current)}
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
        <MiniMap pannable zoomable className={classes.minimap ?? ''} style={minimapSize} nodeColor={minimapColour} />
      </ReactFlow>
    </div>
  );
}

/** What is smaller cannot be read: then the beginning of the flow is shown, and the rest is found on the small map. */
const leastZoom = 0.65;

function show(graph: ReactFlowInstance<ModuleNodeType>, board: HTMLDivElement | null): void {
  const nodes = graph.getNodes();
  const { width, height } = graph.getNodesBounds(nodes);
  const [boardWidth = 0, boardHeight = 0] = [board?.clientWidth, board?.clientHeight];
  const start = nodes.find(({ data }) => data.isStart);
  if (start === undefined || Math.min(boardWidth / width, boardHeight / height) >= leastZoom) {
    void graph.fitView({ padding: 0.06, maxZoom: 1 });
    return;
  }
  const { x, y } = start.position;
  const middle = y + (start.height ?? 0) / 2;
  void graph.setViewport({ x: 24 - x * leastZoom, y: boardHeight / 2 - middle * leastZoom, zoom: leastZoom });
}

const minimapSize = { width: 150, height: 100 };
const deleteKeys = ['Delete', 'Backspace'];
const minimapColour = ({ data }: ModuleNodeType): string =>
  data.problems > 0
    ? 'var(--mantine-color-red-6)'
    : data.way === 'none'
      ? 'var(--mantine-color-gray-5)'
      : 'var(--mantine-color-teal-6)';

function allowDrop(event: DragEvent): void {
  if (!event.dataTransfer.types.includes(dragFormat)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
}

/** Nodes and edges of the draft, and modules that are being dragged. */
function useDrawn() {
  const { t } = useTranslation();
  const { draft, change, selected, select, problems, way } = useEditing();
  const exitWords = useExitWords();
  const [moving, setMoving] = useState<Layout>({});
  const [selectedEdge, setSelectedEdge] = useState<string>();
  const shown = useMemo(
    () => ({ selected, selectedEdge, problems, way, moving }),
    [selected, selectedEdge, problems, way, moving],
  );
  const nodes = useMemo(
    () => nodesOf(draft, shown, (module) => `${titleOf(module)}, ${t(`flow.kinds.${module.type}`)}`),
    [draft, shown, t],
  );
  const edges = useMemo(() => {
    const words = (module: DraftModule, key: string): string => {
      const exit = exitsOf(module).find((one) => one.key === key);
      const to = draft.modules.find(({ id }) => id === exit?.to);
      if (exit === undefined || to === undefined) return '';
      return t('flow.graph.edge', { from: titleOf(module), exit: exitWords(module, exit), to: titleOf(to) });
    };
    return edgesOf(draft, shown, words);
  }, [draft, shown, exitWords, t]);
  const onNodesChange = (changes: NodeChange<ModuleNodeType>[]): void => {
    for (const one of changes) {
      if (one.type === 'select' && one.selected) select(one.id);
      if (one.type !== 'position' || one.position === undefined) continue;
      const { id, position } = one;
      if (one.dragging === true) setMoving({ [id]: position });
      else place(id, position);
    }
  };
  const place = (id: string, { x, y }: Place): void => {
    setMoving({});
    change((before) => {
      const places = placesOf(before);
      const isThere = places[id]?.x === x && places[id]?.y === y;
      return isThere ? before : withLayout(before, { ...places, [id]: { x, y } });
    }, `move ${id}`);
  };
  const onEdgesChange = (changes: EdgeChange[]): void => {
    for (const one of changes) if (one.type === 'select') setSelectedEdge(one.selected ? one.id : undefined);
  };
  return { nodes, edges, onNodesChange, onEdgesChange, setSelectedEdge };
}

function useActs(setSelectedEdge: (id: string | undefined) => void) {
  const { change, askRemove, add } = useEditing();
  const { screenToFlowPosition } = useReactFlow();
  const join = ({ source, sourceHandle, target }: Connection): void => {
    if (sourceHandle !== null) change((draft) => connect(draft, source, sourceHandle, target));
  };
  /** A module is asked about first; a way is simply taken away, and can be had back. */
  const remove = async (going: { nodes: { id: string }[]; edges: { id: string; selected?: boolean }[] }) => {
    const [node] = going.nodes;
    if (node !== undefined) askRemove(node.id);
    else
      for (const { id } of going.edges) {
        const [from = '', key = ''] = id.split(' ');
        change((draft) => connect(draft, from, key, undefined));
        setSelectedEdge(undefined);
      }
    return false;
  };
  const drop = (event: DragEvent): void => {
    const kind = event.dataTransfer.getData(dragFormat);
    if (!isKind(kind)) return;
    event.preventDefault();
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    add(kind, { x: at.x - 40, y: at.y - 20 });
  };
  return { join, remove, drop };
}

/** Brings the module that somebody asked for into the middle, and the one where a call that is tried has come to. */
function useJump(jump: Jump | undefined): void {
  const { way } = useEditing();
  const { getNode, getZoom, setCenter } = useReactFlow();
  const centre = useEffectEvent((id: string | undefined) => {
    const node = id === undefined ? undefined : getNode(id);
    if (node === undefined) return;
    const { x, y } = node.position;
    const zoom = Math.max(getZoom(), leastZoom);
    void setCenter(x + (node.width ?? 0) / 2, y + (node.height ?? 0) / 2, { zoom });
  });
  useEffect(() => centre(jump?.id), [jump]);
  useEffect(() => centre(way.at), [way.at]);
}
